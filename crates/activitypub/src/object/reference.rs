//! Something that is named, or there.

use serde_json::Value;

use crate::Address;

use super::Node;

/// The value of a property such as `object`.
#[derive(Debug, Clone)]
pub enum Reference<'d> {
    /// Its name only.
    Address(Address),
    /// The object itself. Whether it is believed is another question.
    Embedded(Node<'d>),
}

impl<'d> Reference<'d> {
    pub(super) fn of(value: &'d Value) -> Option<Self> {
        match value {
            Value::String(text) => Address::parse(text).ok().map(Self::Address),
            Value::Object(map) => Some(Self::Embedded(Node::new(map))),
            _ => None,
        }
    }

    /// The name, either way.
    #[must_use]
    pub fn address(&self) -> Option<Address> {
        match self {
            Self::Address(address) => Some(address.clone()),
            Self::Embedded(node) => node.id(),
        }
    }

    /// The object, if it is there.
    #[must_use]
    pub fn node(&self) -> Option<Node<'d>> {
        match self {
            Self::Address(_) => None,
            Self::Embedded(node) => Some(*node),
        }
    }
}
