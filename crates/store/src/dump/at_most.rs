//! Lists that are no longer than they may be: a few bytes of a file can stand for very many values.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};

/// Columns of one table: no engine has more.
const MAX_COLUMNS: usize = 2000;

/// Reads a list of at most so many values; one more is an error, and none beyond it is read.
pub(super) struct AtMost<T>(usize, PhantomData<T>);

impl<T> AtMost<T> {
    pub(super) fn new(most: usize) -> Self {
        Self(most, PhantomData)
    }
}

/// For `#[serde(deserialize_with)]`: the names of columns.
pub(super) fn columns<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    AtMost::new(MAX_COLUMNS).deserialize(from)
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Vec<T>, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "a list of at most {} values", self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Vec<T>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = from.next_element()? {
            if values.len() == self.0 {
                return Err(A::Error::invalid_length(self.0 + 1, &self));
            }
            values.push(value);
        }
        Ok(values)
    }
}
