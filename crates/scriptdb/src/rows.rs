//! The answer to a statement, and how it is put together.

use crate::{Error, Limit, Limits};

/// Rows as JSON text: an array of objects, one per row, with the columns in their order. A column that is `NULL` is left
/// out; of two columns with one name the later counts, as for every reader of JSON. Empty for a statement without rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows(String);

impl Rows {
    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The JSON text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// What [`as_str`](Self::as_str) once said.
    pub(crate) fn remembered(json: String) -> Self {
        Self(json)
    }
}

/// Collects rows, and no more than there may be.
pub(crate) struct Collector {
    json: String,
    rows: usize,
    max_rows: usize,
    max_bytes: usize,
}

impl Collector {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { json: "[".into(), rows: 0, max_rows: limits.rows, max_bytes: limits.bytes }
    }

    /// Adds the row that `write` writes, as one JSON object, at the end of the text.
    pub(crate) fn row(&mut self, write: impl FnOnce(&mut String) -> Result<(), Error>) -> Result<(), Error> {
        if self.rows == self.max_rows {
            return Err(Error::Limit(Limit::Rows));
        }
        if self.rows > 0 {
            self.json.push(',');
        }
        write(&mut self.json)?;
        self.rows += 1;
        if self.json.len() >= self.max_bytes {
            return Err(Error::Limit(Limit::Bytes));
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Rows {
        self.json.push(']');
        Rows(self.json)
    }
}

/// A string with its quotes.
pub(crate) fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A number that stays one with a fraction; JSON has no word for what is not finite.
pub(crate) fn real(value: f64) -> Option<String> {
    serde_json::Number::from_f64(value).map(|number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(rows: &[&str], limits: &Limits) -> Result<Rows, Error> {
        let mut collector = Collector::new(limits);
        for row in rows {
            collector.row(|json| {
                json.push_str(row);
                Ok(())
            })?;
        }
        Ok(collector.finish())
    }

    #[test]
    fn rows_become_an_array() {
        let limits = Limits::default();
        assert_eq!(collect(&[], &limits).unwrap().as_str(), "[]");
        assert_eq!(collect(&["{}", "{\"a\":1}"], &limits).unwrap().as_str(), "[{},{\"a\":1}]");
    }

    #[test]
    fn there_are_no_more_than_there_may_be() {
        let limits = Limits { rows: 2, bytes: 12, ..Limits::default() };
        assert!(collect(&["{}", "{}"], &limits).is_ok());
        assert!(matches!(collect(&["{}", "{}", "{}"], &limits), Err(Error::Limit(Limit::Rows))));
        assert!(matches!(collect(&["{\"abcdefg\":1}"], &limits), Err(Error::Limit(Limit::Bytes))));
    }

    #[test]
    fn numbers_keep_their_fraction() {
        for (value, expected) in [(2.0, "2.0"), (0.1, "0.1"), (-1e300, "-1e+300")] {
            assert_eq!(real(value).as_deref(), Some(expected));
        }
        assert_eq!(real(f64::NAN).or(real(f64::INFINITY)), None);
    }
}
