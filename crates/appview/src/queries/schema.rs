//! What a lexicon says about a field of its records.

use std::collections::HashMap;
use std::sync::Arc;

use atproto::Nsid;
use find::Field;
use find::index::Reading;
use serde_json::{Map, Value};

use crate::catalogue::LoadedLexicon;

/// The definition of a reference to one version of a record: an object with `uri` and `cid`.
const STRONG_REF: [&str; 2] = ["com.atproto.repo.strongRef", "com.atproto.repo.strongRef#main"];

/// References that are followed for one field.
const MAX_REFS: usize = 16;

/// The lexicons that references may lead to.
pub(crate) type Lexicons = HashMap<Nsid, Arc<LoadedLexicon>>;

/// What kind of values a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Boolean,
    Text,
    Datetime,
}

/// A field of the records of a lexicon that can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) field: Field,
    pub(super) kind: Kind,
}

impl Known {
    pub(super) fn is_list(&self) -> bool {
        self.field.reading == Reading::Member
    }
}

impl Kind {
    /// What a parameter has to be to be compared with it.
    pub(super) fn of_parameter(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Text | Self::Datetime => "string",
        }
    }
}

/// A schema, and the document in which its references begin.
#[derive(Clone, Copy)]
struct Place<'l> {
    schema: &'l Value,
    document: &'l Value,
    id: &'l str,
}

/// The field with this path, if records have one that can be compared.
pub(super) fn field(record: &LoadedLexicon, path: &str, lexicons: &Lexicons) -> Option<Known> {
    let mut names = path.split('.');
    let (document, id) = (record.lexicon().document(), record.id().as_str());
    let schema = record.lexicon().record_schema()?.get(names.next()?)?;
    let mut place = followed(Place { schema, document, id }, lexicons)?;
    for name in names {
        if is_strong_ref(place.schema) {
            return (name == "uri" || name == "cid")
                .then(|| known(path, Kind::Text, Reading::Value))
                .flatten();
        }
        let schema = place.schema.get("properties")?.get(name)?;
        place = followed(Place { schema, ..place }, lexicons)?;
    }
    if is_strong_ref(place.schema) {
        return known(&format!("{path}.uri"), Kind::Text, Reading::Value);
    }
    match place.schema.get("type")?.as_str()? {
        "array" => {
            let items = followed(Place { schema: place.schema.get("items")?, ..place }, lexicons)?;
            // Members are compared as they are.
            let kind = match kind(items.schema)? {
                Kind::Datetime => Kind::Text,
                kind => kind,
            };
            known(path, kind, Reading::Member)
        }
        _ => {
            let kind = kind(place.schema)?;
            known(path, kind, if kind == Kind::Datetime { Reading::Instant } else { Reading::Value })
        }
    }
}

/// The names of the fields that have texts of people: strings without a format or a set of values, and lists of such.
pub(super) fn texts(record: &LoadedLexicon) -> Vec<String> {
    let is_text = |schema: &Value| {
        let has = |name: &str| schema.get(name).is_some();
        schema["type"] == "string" && !["format", "enum", "const", "knownValues"].into_iter().any(has)
    };
    let fields = record.lexicon().record_schema().into_iter().flat_map(Map::iter);
    fields
        .filter(|(_, schema)| is_text(schema) || (schema["type"] == "array" && is_text(&schema["items"])))
        .map(|(name, _)| name.clone())
        .collect()
}

fn known(path: &str, kind: Kind, reading: Reading) -> Option<Known> {
    Some(Known { field: Field { path: path.parse().ok()?, reading }, kind })
}

fn kind(schema: &Value) -> Option<Kind> {
    Some(match (schema.get("type")?.as_str()?, schema.get("format").and_then(Value::as_str)) {
        ("integer", _) => Kind::Integer,
        ("boolean", _) => Kind::Boolean,
        ("string", Some("datetime")) => Kind::Datetime,
        ("string", _) => Kind::Text,
        _ => return None,
    })
}

fn is_strong_ref(schema: &Value) -> bool {
    schema["type"] == "ref" && schema["ref"].as_str().is_some_and(|target| STRONG_REF.contains(&target))
}

/// What references lead to, as far as the lexicons are here.
fn followed<'l>(mut place: Place<'l>, lexicons: &'l Lexicons) -> Option<Place<'l>> {
    for _ in 0..MAX_REFS {
        if place.schema["type"] != "ref" || is_strong_ref(place.schema) {
            return Some(place);
        }
        let (nsid, name) = match place.schema["ref"].as_str()?.split_once('#') {
            Some(("", name)) => (place.id, name),
            Some((nsid, name)) => (nsid, name),
            None => (place.schema["ref"].as_str()?, "main"),
        };
        if nsid != place.id {
            let lexicon = lexicons.get(nsid)?;
            (place.document, place.id) = (lexicon.lexicon().document(), lexicon.id().as_str());
        }
        place.schema = place.document["defs"].get(name)?;
    }
    None
}
