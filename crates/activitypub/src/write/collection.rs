//! Lists of this server.

use serde_json::{Map, Value};

use super::{context, put};

/// A list, without what is in it.
#[derive(Debug, Clone, Copy)]
pub struct CollectionDocument<'c> {
    /// Its address.
    pub id: &'c str,
    /// How many entries all pages have together.
    pub total: u64,
    /// The first page; none for a list without pages.
    pub first: Option<&'c str>,
}

impl CollectionDocument<'_> {
    /// The document. A list without pages has nothing in it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        put(&mut map, "@context", context::plain());
        put(&mut map, "id", self.id);
        put(&mut map, "type", "OrderedCollection");
        put(&mut map, "totalItems", self.total);
        match self.first {
            Some(first) => put(&mut map, "first", first),
            None => drop(map.insert("orderedItems".to_owned(), Value::Array(Vec::new()))),
        }
        Value::Object(map)
    }
}

/// A part of a list.
#[derive(Debug, Clone)]
pub struct PageDocument<'c> {
    /// Its address.
    pub id: &'c str,
    /// The list.
    pub part_of: &'c str,
    /// Addresses, or objects without a context of their own.
    pub items: Vec<Value>,
    /// The page after it, if there is one.
    pub next: Option<&'c str>,
    /// The page before it, if there is one.
    pub prev: Option<&'c str>,
}

impl PageDocument<'_> {
    /// The document.
    #[must_use]
    pub fn to_json(self) -> Value {
        let mut map = Map::new();
        put(&mut map, "@context", context::note(false));
        put(&mut map, "id", self.id);
        put(&mut map, "type", "OrderedCollectionPage");
        put(&mut map, "partOf", self.part_of);
        put(&mut map, "next", self.next.unwrap_or_default());
        put(&mut map, "prev", self.prev.unwrap_or_default());
        map.insert("orderedItems".to_owned(), Value::Array(self.items));
        Value::Object(map)
    }
}
