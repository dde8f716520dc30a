//! From the rows the server writes as JSON to the ones scripts get.

use std::fmt;

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use tokio_postgres::Column;
use tokio_postgres::types::Type;

use crate::rows::{Collector, text};
use crate::{Error, Limits, Rows};

/// Collects rows: without what is null, and with numbers that show their type.
pub(super) struct Answer {
    /// By column: whether it is a floating point number. The server writes `2` for 2.0.
    floating: Vec<bool>,
    collector: Collector,
}

impl Answer {
    pub(super) fn new(columns: &[Column], limits: &Limits) -> Self {
        let floating = columns.iter().map(|column| matches!(*column.type_(), Type::FLOAT4 | Type::FLOAT8));
        Self { floating: floating.collect(), collector: Collector::new(limits) }
    }

    /// Adds one row as the server wrote it.
    pub(super) fn line(&mut self, line: &str) -> Result<(), Error> {
        let floating = &self.floating;
        self.collector.row(|json| {
            serde_json::Deserializer::from_str(line)
                .deserialize_map(Columns { json, floating })
                .map_err(|error| Error::Sql(format!("a row that is no JSON: {error}")))
        })
    }

    pub(super) fn finish(self) -> Rows {
        self.collector.finish()
    }
}

/// Copies one object, column by column.
struct Columns<'a> {
    json: &'a mut String,
    floating: &'a [bool],
}

impl<'de> Visitor<'de> for Columns<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let json = self.json;
        json.push('{');
        let start = json.len();
        let mut floating = self.floating.iter().copied();
        while let Some(name) = map.next_key::<String>()? {
            let is_floating = floating.next().unwrap_or(false);
            let value: &RawValue = map.next_value()?;
            let value = value.get();
            // Not finite: the server writes "NaN", for which there is no number.
            if value == "null" || (is_floating && value.starts_with('"')) {
                continue;
            }
            if json.len() > start {
                json.push(',');
            }
            json.extend([&text(&name), ":", value]);
            if is_floating && value.bytes().all(|c| c.is_ascii_digit() || c == b'-') {
                json.push_str(".0");
            }
        }
        json.push('}');
        Ok(())
    }
}
