//! The types of values.

use serde_json::Value;

use super::{Compiler, PRIMARY, is_name};
use crate::Nsid;
use crate::excerpt::excerpt;
use crate::lexicon::check;
use crate::lexicon::format::Format;
use crate::lexicon::schema::{Array, Blob, Integer, Object, Property, Reference, Text, Type, Union};

impl Compiler<'_> {
    /// Recursion ends where the document does, whose depth is bounded.
    pub(super) fn type_of(&mut self, of: &Value) -> Type {
        let Some(kind) = of["type"].as_str() else { return self.unreadable("has no `type`") };
        match kind {
            "null" => Type::Null,
            "boolean" => {
                Type::Boolean { constant: self.truth(of, "const"), default: self.truth(of, "default") }
            }
            "integer" => Type::Integer(Box::new(self.integer_type(of))),
            "string" => Type::Text(Box::new(self.text_type(of))),
            "bytes" => Type::Bytes(self.length(of, "minLength", "maxLength")),
            "cid-link" => Type::Link,
            "blob" => Type::Blob(Box::new(self.blob_type(of))),
            "array" => self.array_type(of),
            "object" => Type::Object(Box::new(self.object_type(of))),
            "unknown" => Type::Unknown,
            "ref" => match self.text(of, "ref") {
                Some(reference) => self.ref_type(reference),
                None => self.unreadable("has no `ref`"),
            },
            "union" => self.union_type(of),
            "token" => self.unreadable("is a token, which only a definition of its own can be"),
            kind if PRIMARY.contains(&kind) => {
                self.unreadable(&format!("is a {kind}, which only `main` can be"))
            }
            other => {
                let other = excerpt(other);
                self.unreadable(&format!("has the type `{other}`, which is none of the language"))
            }
        }
    }

    fn integer_type(&mut self, of: &Value) -> Integer {
        let allowed = self.integers(of, "enum").map(|mut allowed| {
            allowed.sort_unstable();
            allowed.into_boxed_slice()
        });
        let integer = Integer {
            min: self.integer(of, "minimum"),
            max: self.integer(of, "maximum"),
            allowed,
            constant: self.integer(of, "const"),
            default: self.integer(of, "default"),
        };
        if let (Some(min), Some(max)) = (integer.min, integer.max)
            && min > max
        {
            self.odd("has a `minimum` that is more than its `maximum`: nothing can be that");
        }
        if integer.default.is_some_and(|default| check::integer(&integer, default).is_err()) {
            self.odd("has a `default` that it does not allow itself");
        }
        integer
    }

    fn text_type(&mut self, of: &Value) -> Text {
        let allowed = self.texts(of, "enum").map(|mut allowed| {
            allowed.sort_unstable();
            allowed.into_iter().map(Into::into).collect()
        });
        let known = self.texts(of, "knownValues").unwrap_or_default();
        if known.iter().any(|value| value.starts_with('#')) {
            self.odd("has `knownValues` that begin with `#`: outside of this lexicon they mean nothing");
        }
        let format = self.text(of, "format").and_then(|name| {
            let format = Format::named(name);
            if format.is_none() {
                self.unreadable(&format!("has the format `{}`, which is unknown", excerpt(name)));
            }
            format
        });
        let text = Text {
            bytes: self.length(of, "minLength", "maxLength"),
            graphemes: self.length(of, "minGraphemes", "maxGraphemes"),
            format,
            allowed,
            constant: self.text(of, "const").map(Into::into),
            default: self.text(of, "default").map(Into::into),
        };
        if text.default.as_deref().is_some_and(|default| check::text(&text, default).is_err()) {
            self.odd("has a `default` that it does not allow itself");
        }
        text
    }

    fn blob_type(&mut self, of: &Value) -> Blob {
        let accept = self.texts(of, "accept").unwrap_or_default();
        if accept.iter().any(|pattern| !pattern.contains('/')) {
            self.odd("accepts something that is no media type");
        }
        Blob { accept: accept.into_iter().map(Into::into).collect(), max_size: self.count(of, "maxSize") }
    }

    fn array_type(&mut self, of: &Value) -> Type {
        let length = self.length(of, "minLength", "maxLength");
        let Some(items) = of.get("items") else { return self.unreadable("has no `items`") };
        let items = self.inside("items", |compiler| compiler.type_of(items));
        Type::Array(Box::new(Array { items, length }))
    }

    pub(super) fn object_type(&mut self, of: &Value) -> Object {
        let required = self.texts(of, "required").unwrap_or_default();
        let nullable = self.texts(of, "nullable").unwrap_or_default();
        let mut properties: Vec<Property> = Vec::new();
        if let Some(fields) = self.fields(of, "properties") {
            for (name, field) in fields {
                let of = self.inside("properties", |compiler| {
                    compiler.inside(name, |compiler| {
                        // Names that begin with `$` are the protocol's.
                        if !is_name(&name.replace('-', "")) {
                            compiler.odd("has a name that is not made of letters and digits");
                        }
                        compiler.type_of(field)
                    })
                });
                let name = name.as_str().into();
                properties.push(Property { name, of, nullable: false, required: None });
            }
        }
        properties.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let known = properties.len();
        let find = |properties: &[Property], name: &str| {
            properties[..known].binary_search_by(|property| (*property.name).cmp(name)).ok()
        };
        let (mut unknown, mut count) = (Vec::new(), 0);
        for name in required {
            let at = match find(&properties, name) {
                Some(at) => at,
                None if unknown.contains(&name) => continue,
                None => {
                    unknown.push(name);
                    let of = Type::Anything;
                    properties.push(Property { name: name.into(), of, nullable: true, required: None });
                    properties.len() - 1
                }
            };
            let property = &mut properties[at];
            // As in the reference: what has a default is never missing.
            if property.required.is_none() && property.of.default().is_none() {
                property.required = Some(count);
                count += 1;
            }
        }
        self.unknown_names("requires", &unknown);
        let mut unknown = Vec::new();
        for name in nullable {
            match find(&properties, name) {
                Some(at) => properties[at].nullable = true,
                None => unknown.push(name),
            }
        }
        self.unknown_names("lets be null", &unknown);
        properties.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Object { properties: properties.into_boxed_slice(), required: count }
    }

    fn ref_type(&mut self, reference: &str) -> Type {
        match self.reference(reference) {
            Some(reference) => Type::Ref(Box::new(reference)),
            None => Type::Anything,
        }
    }

    fn union_type(&mut self, of: &Value) -> Type {
        let Some(refs) = self.texts(of, "refs") else { return self.unreadable("has no `refs`") };
        let closed = self.truth(of, "closed").unwrap_or(false);
        if refs.is_empty() && closed {
            self.odd("is a closed union of nothing");
        }
        let mut members: Vec<Reference> =
            refs.into_iter().filter_map(|reference| self.reference(reference)).collect();
        members.sort_unstable();
        members.dedup();
        Type::Union(Box::new(Union { members: members.into_boxed_slice(), closed }))
    }

    /// `#name`, `nsid` or `nsid#name`.
    fn reference(&mut self, text: &str) -> Option<Reference> {
        let (nsid, name) = text.split_once('#').unwrap_or((text, "main"));
        let nsid = match nsid {
            "" => self.id.clone(),
            nsid => match Nsid::parse(nsid) {
                Ok(nsid) => nsid,
                Err(_) => {
                    self.unreadable(&format!("refers to `{}`, which is no name of a type", excerpt(text)));
                    return None;
                }
            },
        };
        if name.is_empty() || name.contains('#') {
            self.unreadable(&format!("refers to `{}`, which is no name of a type", excerpt(text)));
            return None;
        }
        let is_own = nsid == *self.id;
        if is_own && !self.names.contains_key(name) {
            self.unreadable(&format!("refers to `{}`, which is not defined", excerpt(text)));
        }
        let full = if name == "main" { nsid.to_string() } else { format!("{nsid}#{name}") };
        let lexicon = (!is_own).then(|| nsid.as_str().into());
        Some(Reference { full: full.into(), lexicon, name: name.into() })
    }
}
