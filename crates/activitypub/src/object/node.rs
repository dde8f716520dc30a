//! One object, asked for its properties.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::Address;

use super::{NAMESPACE, Reference, timestamp};

/// An object inside of a document. Every property may be missing, one value or a list, plain or wrapped, and called by its short
/// name, with the prefix `as:`, or in full.
#[derive(Debug, Clone, Copy)]
pub struct Node<'d>(&'d Map<String, Value>);

impl<'d> Node<'d> {
    pub(super) fn new(map: &'d Map<String, Value>) -> Self {
        Self(map)
    }

    /// All properties as they are.
    #[must_use]
    pub fn properties(self) -> &'d Map<String, Value> {
        self.0
    }

    /// A property as it is; `null` is none.
    #[must_use]
    pub fn get(self, name: &str) -> Option<&'d Value> {
        let found = self.0.get(name).or_else(|| {
            // Only few write these.
            let full = || self.0.get(&format!("{NAMESPACE}{name}"));
            self.0.get(&format!("as:{name}")).or_else(full)
        });
        found.filter(|value| !value.is_null())
    }

    /// The values of a property, one or many.
    pub fn values(self, name: &str) -> impl Iterator<Item = &'d Value> + use<'d> {
        let value = self.get(name).map(|value| match value {
            Value::Object(map) => map.get("@list").or_else(|| map.get("@set")).unwrap_or(value),
            value => value,
        });
        let many = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let one = value.filter(|value| !value.is_array());
        one.into_iter().chain(many).filter(|value| !value.is_null())
    }

    /// Its name, if it has one.
    #[must_use]
    pub fn id(self) -> Option<Address> {
        let id = self.0.get("id").or_else(|| self.0.get("@id"))?;
        Address::parse(id.as_str()?).ok()
    }

    /// What it is, without prefix. Something can be several things.
    pub fn types(self) -> impl Iterator<Item = &'d str> + use<'d> {
        let name = if self.0.contains_key("type") { "type" } else { "@type" };
        let short =
            |text: &'d str| text.strip_prefix("as:").or_else(|| text.strip_prefix(NAMESPACE)).unwrap_or(text);
        self.values(name).filter_map(Value::as_str).map(short)
    }

    /// Whether it is a `name`.
    #[must_use]
    pub fn is(self, name: &str) -> bool {
        self.types().any(|found| found == name)
    }

    /// The first text of a property.
    #[must_use]
    pub fn text(self, name: &str) -> Option<&'d str> {
        self.values(name).find_map(|value| match value {
            Value::String(text) => Some(text.as_str()),
            Value::Object(map) => map.get("@value").and_then(Value::as_str),
            _ => None,
        })
    }

    /// Whether a property is `true`.
    #[must_use]
    pub fn flag(self, name: &str) -> bool {
        let value = self.values(name).next();
        value.is_some_and(|value| matches!(value.get("@value").unwrap_or(value), Value::Bool(true)))
    }

    /// A count.
    #[must_use]
    pub fn number(self, name: &str) -> Option<u64> {
        self.values(name).next()?.as_u64()
    }

    /// A time.
    #[must_use]
    pub fn time(self, name: &str) -> Option<OffsetDateTime> {
        self.text(name).and_then(timestamp)
    }

    /// What a property refers to: names, or objects in it.
    pub fn references(self, name: &str) -> impl Iterator<Item = Reference<'d>> + use<'d> {
        self.values(name).filter_map(Reference::of)
    }

    /// The objects of a property.
    pub fn nodes(self, name: &str) -> impl Iterator<Item = Node<'d>> + use<'d> {
        self.values(name).filter_map(Value::as_object).map(Node)
    }

    /// The names of what a property refers to.
    pub fn addresses(self, name: &str) -> impl Iterator<Item = Address> + use<'d> {
        self.references(name).filter_map(|reference| reference.address())
    }

    /// The first of them.
    #[must_use]
    pub fn address(self, name: &str) -> Option<Address> {
        self.addresses(name).next()
    }

    /// Where to look at it: the first link to a page, or else the first link at all.
    #[must_use]
    pub fn link(self, name: &str) -> Option<Address> {
        let href =
            |node: Node<'d>| node.address("href").or_else(|| node.address("url")).or_else(|| node.id());
        let page =
            |node: &Node<'d>| node.text("mediaType").is_none_or(|media_type| media_type == "text/html");
        let pages = self.nodes(name).filter(page).find_map(href);
        pages.or_else(|| {
            self.references(name).find_map(|reference| match reference {
                Reference::Address(address) => Some(address),
                Reference::Embedded(node) => href(node),
            })
        })
    }
}
