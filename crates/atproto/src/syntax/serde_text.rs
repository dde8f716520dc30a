//! Deserializing an identifier from a string without an intermediate copy.

use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};

/// Parses whatever string the deserializer lends.
pub(crate) struct TextVisitor<T> {
    expecting: &'static str,
    parses: PhantomData<T>,
}

impl<T> TextVisitor<T> {
    pub(crate) fn new(expecting: &'static str) -> Self {
        Self { expecting, parses: PhantomData }
    }
}

impl<T> Visitor<'_> for TextVisitor<T>
where
    T: FromStr,
    T::Err: Display,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
