//! Lists, and pages of lists.

use crate::Address;

use super::{Node, ObjectError, Reference};

/// Entries of one page that are read; what comes after them is left out.
const MAX_ITEMS: usize = 1_000;

/// A collection or a page of one, ordered or not.
#[derive(Debug, Clone)]
pub struct Collection<'d> {
    /// Its name; pages have one too, if they are no part of something else.
    pub id: Option<Address>,
    /// How many there are, as somebody says.
    pub total: Option<u64>,
    /// The first page, of a list that has pages; often it is in the list.
    pub first: Option<Reference<'d>>,
    /// The page after this.
    pub next: Option<Address>,
    /// The list that this page is of.
    pub part_of: Option<Address>,
    /// What is in it, in order.
    pub items: Vec<Reference<'d>>,
}

impl<'d> Collection<'d> {
    /// Reads one.
    pub fn read(node: Node<'d>) -> Result<Self, ObjectError> {
        const TYPES: [&str; 4] =
            ["OrderedCollection", "OrderedCollectionPage", "Collection", "CollectionPage"];
        if !TYPES.iter().any(|name| node.is(name)) {
            return Err(ObjectError::Type("a collection"));
        }
        let items = node.references("orderedItems").chain(node.references("items"));
        Ok(Self {
            id: node.id(),
            total: node.number("totalItems"),
            first: node.references("first").next(),
            next: node.address("next"),
            part_of: node.address("partOf"),
            items: items.take(MAX_ITEMS).collect(),
        })
    }
}
