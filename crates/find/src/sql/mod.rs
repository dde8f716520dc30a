//! Statements that are put together, because what they compare is decided by who asks.
//!
//! Only text of ours and names of [`Path`](crate::Path)s, which cannot end a literal, become part of a statement. Values
//! are bound.

mod columns;
mod condition;
mod field;

use std::fmt::Write;

use store::{Engine, Value, v};

pub(crate) use columns::{Order, key};
pub(crate) use condition::condition;
pub(crate) use field::Field;

/// A statement for one engine, and the values of its parameters.
pub(crate) struct Sql {
    engine: Engine,
    text: String,
    params: Vec<Param>,
}

/// The value of a parameter, owned by the statement.
#[derive(Clone, Debug)]
pub(crate) enum Param {
    Int(i64),
    Real(f64),
    Text(String),
}

impl Sql {
    pub(crate) fn new(engine: Engine) -> Self {
        Self { engine, text: String::with_capacity(1024), params: Vec::new() }
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    /// Appends text.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends a placeholder for a value.
    pub(crate) fn bind(&mut self, value: impl Into<Param>) -> &mut Self {
        let placeholder = self.param(value);
        self.push(&placeholder)
    }

    /// The placeholder of a value, to be written wherever it is needed.
    pub(crate) fn param(&mut self, value: impl Into<Param>) -> String {
        self.params.push(value.into());
        let mut placeholder = String::with_capacity(4);
        // Writing to a string cannot fail.
        let _ = write!(placeholder, "${}", self.params.len());
        placeholder
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn values(&self) -> Vec<Value<'_>> {
        self.params
            .iter()
            .map(|param| match param {
                Param::Int(value) => v(*value),
                Param::Real(value) => v(*value),
                Param::Text(value) => v(value),
            })
            .collect()
    }

    /// What makes an expression compare by bytes, as SQLite does anyway.
    pub(crate) fn by_bytes(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite => "",
            Engine::Postgres => " COLLATE \"C\"",
        }
    }
}

impl From<i64> for Param {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Param {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Param {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
