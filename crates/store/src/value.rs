//! Parameters of statements.

/// One parameter, borrowed from its owner for the length of the statement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// SQL `NULL`.
    Null,
    /// Any integer or boolean column.
    Int(i64),
    /// A floating-point column.
    Real(f64),
    /// Text, and JSON in its text form.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
    /// An array for `unnest`: PostgreSQL only.
    Ints(&'a [i64]),
    /// An array for `unnest`, with NULLs: PostgreSQL only.
    Texts(&'a [Option<&'a str>]),
}

/// Makes a [`Value`] of anything that has a column type.
pub fn v<'a>(value: impl Into<Value<'a>>) -> Value<'a> {
    value.into()
}

macro_rules! from_integer {
    ($($t:ty),*) => {$(
        impl From<$t> for Value<'_> {
            fn from(value: $t) -> Self {
                Self::Int(i64::from(value))
            }
        }
    )*};
}
from_integer!(i64, i32, i16, u32, u16, u8, bool);

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl<'a> From<&'a [i64]> for Value<'a> {
    fn from(value: &'a [i64]) -> Self {
        Self::Ints(value)
    }
}

impl<'a> From<&'a [Option<&'a str>]> for Value<'a> {
    fn from(value: &'a [Option<&'a str>]) -> Self {
        Self::Texts(value)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
