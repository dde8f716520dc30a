//! What is left of something.

use time::OffsetDateTime;

use crate::Address;

use super::{Node, ObjectError};

/// A note or an actor that is no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// What it was.
    pub id: Address,
    /// Since when.
    pub deleted: Option<OffsetDateTime>,
}

impl Tombstone {
    /// Reads one.
    pub fn read(node: Node<'_>) -> Result<Self, ObjectError> {
        if !node.is("Tombstone") {
            return Err(ObjectError::Type("a tombstone"));
        }
        let id = node.id().ok_or(ObjectError::Property("id"))?;
        Ok(Self { id, deleted: node.time("deleted") })
    }
}
