//! A lexicon document.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::compile::{Outcome, compile};
use super::{Compiled, LexiconError, LexiconType};
use crate::Nsid;
use crate::data::{self, Limits};
use crate::excerpt::excerpt;

/// Largest accepted lexicon.
pub const MAX_BYTES: usize = 512 << 10;

const LIMITS: Limits = Limits { bytes: MAX_BYTES, depth: 64 };

/// A lexicon that can be used.
///
/// What decides over the server's behaviour has been checked; the definitions are taken as they come, and
/// [`warnings`](Lexicon::warnings) says what is odd about them.
#[derive(Debug, Clone)]
pub struct Lexicon {
    id: Nsid,
    kind: LexiconType,
    document: Value,
    compiled: Arc<Compiled>,
    warnings: Vec<String>,
    unreadable: Option<String>,
}

impl Lexicon {
    /// Reads a lexicon document of at most [`MAX_BYTES`], 64 levels deep.
    ///
    /// Characters that databases cannot keep are replaced as [`storable`](data::storable) does, so that
    /// [`document`](Self::document) can be stored as it is.
    pub fn parse(json: &str) -> Result<Self, LexiconError> {
        let document = data::parse(json.as_bytes(), &LIMITS)?;

        let version = &document["lexicon"];
        if version.as_u64() != Some(1) {
            return Err(LexiconError::Version(match version {
                Value::Null => "missing".to_owned(),
                other => excerpt(&other.to_string()),
            }));
        }
        let id = Nsid::parse(document["id"].as_str().ok_or(LexiconError::NoId)?)?;
        if !document["defs"].is_object() {
            return Err(LexiconError::NoDefs);
        }
        let main = &document["defs"]["main"];
        let kind = LexiconType::of_main(main["type"].as_str());
        if kind == LexiconType::Space {
            check_space(main)?;
        }
        let Outcome { compiled, warnings, unreadable } = compile(&id, &document);
        Ok(Self { id, kind, document, compiled: Arc::new(compiled), warnings, unreadable })
    }

    /// The NSID it defines.
    #[must_use]
    pub fn id(&self) -> &Nsid {
        &self.id
    }

    /// What it is for.
    #[must_use]
    pub fn kind(&self) -> LexiconType {
        self.kind
    }

    /// The whole document.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The primary definition, `defs.main`.
    #[must_use]
    pub fn main(&self) -> Option<&Map<String, Value>> {
        self.document["defs"]["main"].as_object()
    }

    /// The schema of every query parameter by name, `main.parameters.properties`.
    #[must_use]
    pub fn parameters(&self) -> Option<&Map<String, Value>> {
        self.main()?.get("parameters")?.get("properties")?.as_object()
    }

    /// The schema of every property of the answer of a query or procedure by name, `main.output.schema.properties`.
    #[must_use]
    pub fn output(&self) -> Option<&Map<String, Value>> {
        self.main()?.get("output")?.get("schema")?.get("properties")?.as_object()
    }

    /// The object a record must be, `main.record`: its `properties`, which of them are `required`, `nullable`.
    #[must_use]
    pub fn record(&self) -> Option<&Map<String, Value>> {
        self.main()?.get("record")?.as_object()
    }

    /// The schema of every field of a record by name, `main.record.properties`.
    #[must_use]
    pub fn record_schema(&self) -> Option<&Map<String, Value>> {
        self.record()?.get("properties")?.as_object()
    }

    /// Its definitions, for checking values with.
    #[must_use]
    pub fn compiled(&self) -> &Arc<Compiled> {
        &self.compiled
    }

    /// The first thing in its definitions that could not be interpreted, and so accepts anything, as a sentence: one of the
    /// warnings. `None` if all could.
    #[must_use]
    pub fn unreadable(&self) -> Option<&str> {
        self.unreadable.as_deref()
    }

    /// Breaches of the schema language, as sentences for the operator. None of them keeps a lexicon from being used.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// What a space cannot do without.
fn check_space(main: &Value) -> Result<(), LexiconError> {
    if !main["key"].is_string() {
        return Err(LexiconError::Space("`main.key`, a string"));
    }
    if !main["name"].as_str().is_some_and(|name| (1..=64).contains(&name.chars().count())) {
        return Err(LexiconError::Space("`main.name`, a string of 1 to 64 characters"));
    }
    if !main["collections"].is_array() {
        return Err(LexiconError::Space("`main.collections`, an array"));
    }
    Ok(())
}
