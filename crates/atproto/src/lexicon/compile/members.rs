//! Members of a definition, each read as what it must be.

use serde_json::Value;

use super::Compiler;
use crate::excerpt::excerpt;
use crate::lexicon::schema::Length;

impl Compiler<'_> {
    /// A member, if it is there and can be read; if it cannot, that is found.
    fn read<'v, T>(
        &mut self,
        of: &'v Value,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'v Value) -> Option<T>,
    ) -> Option<T> {
        let value = of.get(name)?;
        let read = read(value);
        if read.is_none() {
            self.unreadable(&format!("has a `{name}` that is not {expected}"));
        }
        read
    }

    pub(super) fn integer(&mut self, of: &Value, name: &str) -> Option<i64> {
        self.read(of, name, "an integer", Value::as_i64)
    }

    pub(super) fn count(&mut self, of: &Value, name: &str) -> Option<u64> {
        self.read(of, name, "a number from 0 on", Value::as_u64)
    }

    pub(super) fn truth(&mut self, of: &Value, name: &str) -> Option<bool> {
        self.read(of, name, "true or false", Value::as_bool)
    }

    pub(super) fn text<'v>(&mut self, of: &'v Value, name: &str) -> Option<&'v str> {
        self.read(of, name, "a string", Value::as_str)
    }

    pub(super) fn texts<'v>(&mut self, of: &'v Value, name: &str) -> Option<Vec<&'v str>> {
        self.read(of, name, "a list of strings", |value| {
            value.as_array()?.iter().map(Value::as_str).collect()
        })
    }

    pub(super) fn integers(&mut self, of: &Value, name: &str) -> Option<Vec<i64>> {
        self.read(of, name, "a list of integers", |value| {
            value.as_array()?.iter().map(Value::as_i64).collect()
        })
    }

    pub(super) fn fields<'v>(
        &mut self,
        of: &'v Value,
        name: &str,
    ) -> Option<&'v serde_json::Map<String, Value>> {
        self.read(of, name, "an object", Value::as_object)
    }

    /// Two members that are bounds; both ends are included.
    pub(super) fn length(&mut self, of: &Value, min: &str, max: &str) -> Length {
        let length = Length { min: self.count(of, min), max: self.count(of, max) };
        if let (Some(least), Some(most)) = (length.min, length.max)
            && least > most
        {
            self.odd(&format!("has a `{min}` that is more than its `{max}`: nothing can be that"));
        }
        length
    }

    /// Says of names that they are in none of the properties.
    pub(super) fn unknown_names(&mut self, what: &str, names: &[&str]) {
        for name in names {
            self.odd(&format!("{what} `{}`, which is not among its properties", excerpt(name)));
        }
    }
}
