//! What a lexicon says, in the form in which values are compared with it.

use std::collections::HashMap;

use super::format::Format;
use crate::Nsid;

/// The definitions of one lexicon, ready for use.
///
/// Made once when the document is read. What could not be interpreted accepts anything, and the document's warnings
/// say so.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub(super) id: Nsid,
    pub(super) definitions: HashMap<Box<str>, Definition>,
}

/// One member of `defs`.
#[derive(Debug, Clone)]
pub(super) enum Definition {
    Record(Record),
    Method(Method),
    Type(Type),
}

/// A collection.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) key: KeyType,
    /// An [`Type::Object`], or [`Type::Anything`] if it could not be interpreted.
    pub(super) object: Type,
}

/// What the keys of a collection's records are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyType {
    Any,
    Tid,
    Nsid,
    Literal(Box<str>),
}

/// A query, a procedure or a subscription.
#[derive(Debug, Clone, Default)]
pub(super) struct Method {
    pub(super) parameters: Option<Object>,
    pub(super) input: Option<Body>,
    pub(super) output: Option<Body>,
    pub(super) message: Option<Type>,
}

/// What a method is sent or answers.
#[derive(Debug, Clone)]
pub(super) struct Body {
    /// A media type, or a pattern such as `image/*`.
    pub(super) encoding: Box<str>,
    pub(super) schema: Option<Type>,
}

/// What a value can be.
#[derive(Debug, Clone)]
pub(super) enum Type {
    /// What could not be interpreted.
    Anything,
    Null,
    Boolean {
        constant: Option<bool>,
        default: Option<bool>,
    },
    Integer(Box<Integer>),
    Text(Box<Text>),
    Bytes(Length),
    Link,
    Blob(Box<Blob>),
    Array(Box<Array>),
    Object(Box<Object>),
    Token(Box<str>),
    Unknown,
    Ref(Box<Reference>),
    Union(Box<Union>),
}

/// How long something may be; both ends are included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Length {
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Integer {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    /// Sorted.
    pub(super) allowed: Option<Box<[i64]>>,
    pub(super) constant: Option<i64>,
    pub(super) default: Option<i64>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Text {
    pub(super) bytes: Length,
    pub(super) graphemes: Length,
    pub(super) format: Option<Format>,
    /// Sorted.
    pub(super) allowed: Option<Box<[Box<str>]>>,
    pub(super) constant: Option<Box<str>>,
    pub(super) default: Option<Box<str>>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Blob {
    /// Media types and patterns; empty: all.
    pub(super) accept: Box<[Box<str>]>,
    pub(super) max_size: Option<u64>,
}

#[derive(Debug, Clone)]
pub(super) struct Array {
    pub(super) items: Type,
    pub(super) length: Length,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Object {
    /// Sorted by name.
    pub(super) properties: Box<[Property]>,
    /// How many of them are required.
    pub(super) required: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Property {
    pub(super) name: Box<str>,
    pub(super) of: Type,
    pub(super) nullable: bool,
    /// Its place among those that are required, unless a default stands in for it.
    pub(super) required: Option<usize>,
}

impl Object {
    pub(super) fn property(&self, name: &str) -> Option<&Property> {
        let found = self.properties.binary_search_by(|property| (*property.name).cmp(name));
        found.ok().map(|at| &self.properties[at])
    }
}

/// A definition somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reference {
    /// Its name as a `$type`: the NSID, and what follows `#` unless it is `main`.
    pub(super) full: Box<str>,
    /// The lexicon, if it is another one.
    pub(super) lexicon: Option<Box<str>>,
    pub(super) name: Box<str>,
}

#[derive(Debug, Clone)]
pub(super) struct Union {
    /// Sorted by their full names.
    pub(super) members: Box<[Reference]>,
    pub(super) closed: bool,
}

impl Union {
    pub(super) fn member(&self, full: &str) -> Option<&Reference> {
        let found = self.members.binary_search_by(|member| (*member.full).cmp(full));
        found.ok().map(|at| &self.members[at])
    }
}

impl Compiled {
    /// Every other lexicon that one of its definitions names, sorted and once.
    #[must_use]
    pub fn references(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for definition in self.definitions.values() {
            match definition {
                Definition::Record(record) => record.object.references(&mut found),
                Definition::Type(of) => of.references(&mut found),
                Definition::Method(method) => method.references(&mut found),
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Method {
    fn references<'t>(&'t self, found: &mut Vec<&'t str>) {
        let bodies = self.input.iter().chain(&self.output).filter_map(|body| body.schema.as_ref());
        bodies.chain(&self.message).for_each(|of| of.references(found));
        self.parameters.iter().for_each(|parameters| parameters.references(found));
    }
}

impl Object {
    fn references<'t>(&'t self, found: &mut Vec<&'t str>) {
        self.properties.iter().for_each(|property| property.of.references(found));
    }
}

impl Type {
    /// Recursion ends where the document does, whose depth is bounded.
    fn references<'t>(&'t self, found: &mut Vec<&'t str>) {
        match self {
            Self::Ref(reference) => found.extend(reference.lexicon.as_deref()),
            Self::Union(union) => {
                found.extend(union.members.iter().filter_map(|member| member.lexicon.as_deref()));
            }
            Self::Array(array) => array.items.references(found),
            Self::Object(object) => object.references(found),
            _ => {}
        }
    }

    /// The JSON that stands in for a value that is absent.
    pub(super) fn default(&self) -> Option<serde_json::Value> {
        match self {
            Self::Boolean { default, .. } => default.map(Into::into),
            Self::Integer(integer) => integer.default.map(Into::into),
            Self::Text(text) => text.default.as_deref().map(Into::into),
            _ => None,
        }
    }
}
