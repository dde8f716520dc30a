//! Comparing a value with a type.
//!
//! Every node of the value is looked at once at most, and what a lexicon lists is searched, not walked through, so that the
//! cost is bounded by the sizes of both however they refer to themselves.

mod object;
mod scalar;
mod special;
mod text;

use super::Definitions;
use super::data::{Data, Kind, Position};
use super::fault::{Checked, Fault};
use super::schema::{Array, Compiled, Definition, Reference, Type, Union};

pub(super) use scalar::{boolean, integer, length};
pub(super) use special::is_like;
pub(super) use text::text;

/// References in a row that lead to nothing but references.
const MAX_HOPS: u8 = 32;

/// One comparison.
pub(super) struct Check<'d, D: ?Sized> {
    pub(super) definitions: &'d D,
    pub(super) data: &'d Data<'d>,
    /// How often a definition was meant that is not known.
    pub(super) unresolved: u32,
}

impl<'d, D: Definitions + ?Sized> Check<'d, D> {
    pub(super) fn new(definitions: &'d D, data: &'d Data<'d>) -> Self {
        Self { definitions, data, unresolved: 0 }
    }

    /// Compares the value at a position; `own` is the lexicon that the type is written in.
    ///
    /// References are followed in a loop: how deep the stack becomes is decided by the value alone.
    pub(super) fn value(&mut self, own: &'d Compiled, of: &'d Type, at: Position) -> Checked {
        let (mut own, mut of) = (own, of);
        for _ in 0..MAX_HOPS {
            let reference = match of {
                Type::Ref(reference) => &**reference,
                Type::Union(union) => match self.member_of(union, at)? {
                    Some(member) => member,
                    None => return Ok(()),
                },
                _ => return self.plain(own, of, at),
            };
            match self.resolve(own, reference) {
                Some(found) => (own, of) = found,
                None => {
                    self.unresolved = self.unresolved.saturating_add(1);
                    return Ok(());
                }
            }
        }
        Fault::new("cannot be checked: its type only refers to itself")
    }

    /// Compares the value at a position with a member of a union, whatever its `$type` says.
    pub(super) fn member(&mut self, own: &'d Compiled, member: &'d Reference, at: Position) -> Checked {
        match self.resolve(own, member) {
            Some((own, of)) => self.value(own, of, at),
            None => {
                self.unresolved = self.unresolved.saturating_add(1);
                Ok(())
            }
        }
    }

    /// Anything but references.
    fn plain(&mut self, own: &'d Compiled, of: &'d Type, at: Position) -> Checked {
        let data = self.data;
        match of {
            // The last two are followed before it comes to this.
            Type::Anything | Type::Ref(_) | Type::Union(_) => Ok(()),
            Type::Null => match data.kind(at) {
                Kind::Null => Ok(()),
                other => Fault::type_of("null", other.noun()),
            },
            Type::Boolean { constant, .. } => match data.kind(at) {
                Kind::Boolean(value) => boolean(*constant, *value),
                other => Fault::type_of("a boolean", other.noun()),
            },
            Type::Integer(of) => match data.kind(at) {
                Kind::Integer(value) => integer(of, *value),
                other => Fault::type_of("an integer", other.noun()),
            },
            Type::Text(of) => match data.kind(at) {
                Kind::Text(value) => text(of, value),
                other => Fault::type_of("a string", other.noun()),
            },
            Type::Token(full) => match data.kind(at) {
                Kind::Text(value) if **value == **full => Ok(()),
                Kind::Text(_) => Fault::new(format!("must be the token {full}")),
                other => Fault::type_of("a string", other.noun()),
            },
            Type::Bytes(length) => special::bytes(data, *length, at),
            Type::Link => special::link(data, at),
            Type::Blob(of) => special::blob(data, of, at),
            Type::Unknown => special::unknown(data, at),
            Type::Array(of) => self.array(own, of, at),
            Type::Object(of) => self.object(own, of, at),
        }
    }

    fn array(&mut self, own: &'d Compiled, of: &'d Array, at: Position) -> Checked {
        let data = self.data;
        if !matches!(data.kind(at), Kind::Array) {
            return Fault::type_of("an array", data.kind(at).noun());
        }
        let mut count = 0;
        for (number, item) in data.items(at).enumerate() {
            count += 1;
            // Before what is in it: a list that is too long is that, and not wrong at its end.
            if of.length.max.is_some_and(|max| count > max) {
                break;
            }
            self.value(own, &of.items, item).map_err(|fault| fault.in_item(number))?;
        }
        scalar::length(of.length, count, "item", "items")
    }

    /// The type that is meant, with the lexicon it is written in. Methods are no types.
    fn resolve(&self, own: &'d Compiled, reference: &Reference) -> Option<(&'d Compiled, &'d Type)> {
        let lexicon = match &reference.lexicon {
            None => own,
            Some(nsid) => self.definitions.lexicon(nsid)?,
        };
        match lexicon.definitions.get(&reference.name)? {
            Definition::Type(of) => Some((lexicon, of)),
            Definition::Record(record) => Some((lexicon, &record.object)),
            Definition::Method(_) => None,
        }
    }

    /// Which member of a union a value says that it is; `None` if it is another one and may be.
    fn member_of(&self, union: &'d Union, at: Position) -> Result<Option<&'d Reference>, Box<Fault>> {
        let data = self.data;
        if !matches!(data.kind(at), Kind::Object) {
            return Fault::type_of("an object with a `$type`", data.kind(at).noun());
        }
        let in_type = |fault: Box<Fault>| fault.in_field("$type");
        let Some(named) = data.field(at, "$type") else {
            return Fault::new("lacks `$type`, which says which of several types it is");
        };
        let Some(named) = data.text(named) else {
            return Fault::type_of("a string", data.kind(named).noun()).map_err(in_type);
        };
        if let Some(member) = union.member(full_name(named)) {
            return Ok(Some(member));
        }
        if named.is_empty() || named.matches('#').count() > 1 {
            return Fault::new("is no name of a type").map_err(in_type);
        }
        if !union.closed {
            return Ok(None);
        }
        let known = text::listed(union.members.iter().map(|member| &*member.full));
        Fault::new(format!("must be {known}")).map_err(in_type)
    }
}

/// A type as it is called in full: `#main` is not said.
pub(super) fn full_name(name: &str) -> &str {
    name.strip_suffix("#main").unwrap_or(name)
}
