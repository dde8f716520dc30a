//! Breaches of the lexicon language that do not matter here.
//!
//! The server runs on lexicons it did not write, so it reads only what it needs and refuses little. Whoever uploads
//! a lexicon should still hear that other software may refuse it.

use serde_json::Value;
use shrike::lexicon::Catalog;

use crate::excerpt::excerpt;

/// Types only the definition called `main` may have: they are what the NSID itself stands for.
const PRIMARY: [&str; 5] = ["record", "query", "procedure", "subscription", "permission-set"];

/// Types that only mean something inside another definition.
const NESTED: [&str; 3] = ["ref", "union", "unknown"];

/// Sentences about `document`, whose `lexicon`, `id` and `defs` have been checked.
pub(super) fn lint(document: &Value) -> Vec<String> {
    let mut warnings = Vec::new();
    for (name, definition) in document["defs"].as_object().into_iter().flatten() {
        let name = excerpt(name);
        let Some(kind) = definition["type"].as_str() else {
            warnings.push(format!("`defs.{name}` has no `type`"));
            continue;
        };
        if name != "main" && PRIMARY.contains(&kind) {
            warnings.push(format!("`defs.{name}` is a {kind}, which only `main` can be"));
        }
        if NESTED.contains(&kind) {
            warnings.push(format!("`defs.{name}` is a {kind}, which cannot be a definition of its own"));
        }
        if kind == "record" && definition["record"]["type"] != "object" {
            warnings.push(format!("`defs.{name}.record` must have the type `object`"));
        }
    }
    if let Err(error) = Catalog::new().add_schema(document.to_string().as_bytes()) {
        warnings.push(format!("strict validators will refuse it: {}", excerpt(&error.to_string())));
    }
    warnings
}
