//! Reads the configuration file, and those with one secret each.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use toml::{Table, Value};

use super::error::Error;
use super::table;

/// A suggestion less alike than this only confuses.
const ALIKE: f64 = 0.8;

/// A secret is shorter than that, in bytes.
const MAX_SECRET: u64 = 64 * 1024;

/// What is in a file that has nothing but a secret in it, without the end of its line.
pub(super) fn secret(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SECRET).read_to_string(&mut text));
    read.map_err(|error| Error::File { path: path.to_owned(), problem: error.to_string() })?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The settings in the TOML file at `path`, by key. A list is written as its elements with commas in between.
pub(super) fn read(path: &Path) -> Result<BTreeMap<&'static str, String>, Error> {
    let wrong = |problem: String| Error::File { path: path.to_owned(), problem };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let table: Table = text.parse().map_err(|error| wrong(syntax_problem(&text, &error)))?;
    let mut settings = BTreeMap::new();
    for (key, value) in table {
        let Some(known) = keys().find(|known| *known == key) else {
            return Err(Error::UnknownKey { path: path.to_owned(), nearest: nearest(&key), key });
        };
        let text =
            text_of(value).ok_or_else(|| wrong(format!("`{key}` must be text, a number, true or false")))?;
        settings.insert(known, text);
    }
    Ok(settings)
}

/// The keys a file may have: all but the one that says where the file is.
fn keys() -> impl Iterator<Item = &'static str> {
    table::ALL.iter().map(|setting| setting.key).filter(|key| *key != table::CONFIG.key)
}

fn nearest(key: &str) -> Option<&'static str> {
    let key = key.to_lowercase().replace('-', "_");
    let likeness = |known: &str| strsim::jaro_winkler(known, &key);
    let nearest = keys().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(nearest) >= ALIKE).then_some(nearest)
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        Value::Array(elements) => {
            let texts: Option<Vec<String>> = elements.into_iter().map(text_of).collect();
            Some(texts?.join(","))
        }
        Value::Datetime(_) | Value::Table(_) => None,
    }
}

/// The library's message spans several lines; the number of the line says as much.
fn syntax_problem(text: &str, error: &toml::de::Error) -> String {
    let message = error.message();
    match error.span() {
        Some(span) => {
            let line = text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1;
            format!("line {line}: {message}")
        }
        None => message.to_owned(),
    }
}
