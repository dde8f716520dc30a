//! Pieces of SQL that several statements have.

use std::fmt::Write as _;

use store::{Engine, Value, v};

/// Many ids as one parameter, so that the text of a statement is the same whichever they are, and is prepared once.
pub(crate) enum Ids {
    /// SQLite has no arrays.
    Json(String),
    Array(Vec<i64>),
}

impl Ids {
    /// As an engine takes them.
    pub(crate) fn new(engine: Engine, ids: impl IntoIterator<Item = i64>) -> Self {
        match engine {
            Engine::Sqlite => Self::Json(json(ids)),
            Engine::Postgres => Self::Array(ids.into_iter().collect()),
        }
    }

    /// What comes after a column that is to be among them, if they are the parameter of this number.
    pub(crate) fn among(&self, parameter: u8) -> String {
        match self {
            Self::Json(_) => format!("IN (SELECT value FROM json_each(${parameter}))"),
            Self::Array(_) => format!("= ANY (${parameter}::bigint[])"),
        }
    }

    /// The parameter.
    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            Self::Json(list) => v(list),
            Self::Array(ids) => v(&**ids),
        }
    }
}

/// Many texts as one parameter, in the same way.
pub(crate) enum Texts<'t> {
    /// SQLite has no arrays.
    Json(String),
    Array(Vec<Option<&'t str>>),
}

impl<'t> Texts<'t> {
    /// As an engine takes them.
    pub(crate) fn new(engine: Engine, texts: impl IntoIterator<Item = &'t str>) -> Self {
        match engine {
            Engine::Sqlite => Self::Json(texts.into_iter().collect::<serde_json::Value>().to_string()),
            Engine::Postgres => Self::Array(texts.into_iter().map(Some).collect()),
        }
    }

    /// What comes after a column that is to be among them, if they are the parameter of this number.
    pub(crate) fn among(&self, parameter: u8) -> String {
        match self {
            Self::Json(_) => format!("IN (SELECT value FROM json_each(${parameter}))"),
            Self::Array(_) => format!("= ANY (${parameter}::text[])"),
        }
    }

    /// The parameter.
    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            Self::Json(list) => v(list),
            Self::Array(texts) => v(&**texts),
        }
    }
}

fn json(ids: impl IntoIterator<Item = i64>) -> String {
    let mut list = String::from("[");
    for id in ids {
        if list.len() > 1 {
            list.push(',');
        }
        // Writing to a string does not fail.
        _ = write!(list, "{id}");
    }
    list.push(']');
    list
}
