//! From a lexicon's document to what values are compared with, and what is to be said about the document.
//!
//! The server runs on lexicons it did not write. So nothing in a definition is an error: what cannot be interpreted accepts
//! anything, and there is a sentence that says where and why.

mod findings;
mod members;
mod primary;
mod types;

use std::collections::HashMap;

use serde_json::Value;
use shrike::lexicon::Catalog;

use super::schema::{Compiled, Definition, Type};
use crate::Nsid;
use crate::excerpt::excerpt;
use findings::Findings;

/// Types only the definition called `main` may have: they are what the NSID itself stands for.
const PRIMARY: [&str; 5] = ["record", "query", "procedure", "subscription", "permission-set"];

/// Types that only mean something inside another definition.
const NESTED: [&str; 3] = ["ref", "union", "unknown"];

/// What came of a document.
pub(super) struct Outcome {
    pub(super) compiled: Compiled,
    /// Sentences about what is odd, or could not be interpreted.
    pub(super) warnings: Vec<String>,
    /// The first thing that could not be interpreted, and so accepts anything.
    pub(super) unreadable: Option<String>,
}

/// Reads `document`, whose `lexicon`, `id` and `defs` have been checked and whose depth is bounded.
pub(super) fn compile(id: &Nsid, document: &Value) -> Outcome {
    let empty = serde_json::Map::new();
    let defs = document["defs"].as_object().unwrap_or(&empty);
    let mut compiler = Compiler { id, names: defs, findings: Findings::default() };
    let mut definitions = HashMap::with_capacity(defs.len());
    for (name, definition) in defs {
        let read = compiler.inside("defs", |compiler| {
            compiler.inside(name, |compiler| compiler.definition(name, definition))
        });
        definitions.insert(name.as_str().into(), read);
    }
    let Findings { mut warnings, unreadable, .. } = compiler.findings;
    // A second opinion, as other software will have one.
    if warnings.is_empty()
        && document["defs"]["main"]["type"] != "space"
        && let Err(error) = Catalog::new().add_schema(document.to_string().as_bytes())
    {
        warnings.push(format!("strict validators will refuse it: {}", excerpt(&error.to_string())));
    }
    Outcome { compiled: Compiled { id: id.clone(), definitions }, warnings, unreadable }
}

struct Compiler<'d> {
    id: &'d Nsid,
    names: &'d serde_json::Map<String, Value>,
    findings: Findings,
}

impl Compiler<'_> {
    /// Does something about a member; whatever is found is said of it.
    fn inside<T>(&mut self, member: &str, then: impl FnOnce(&mut Self) -> T) -> T {
        self.findings.path.push(excerpt(member));
        let done = then(self);
        self.findings.path.pop();
        done
    }

    fn odd(&mut self, what: &str) {
        self.findings.add(what, false);
    }

    fn unreadable(&mut self, what: &str) -> Type {
        self.findings.add(what, true);
        Type::Anything
    }

    fn definition(&mut self, name: &str, definition: &Value) -> Definition {
        let Some(kind) = definition["type"].as_str() else {
            return Definition::Type(self.unreadable("has no `type`"));
        };
        if name != "main" && !is_name(name) {
            self.odd("has a name that is not made of letters and digits");
        }
        if name != "main" && PRIMARY.contains(&kind) {
            self.odd(&format!("is a {kind}, which only `main` can be"));
        }
        if NESTED.contains(&kind) {
            self.odd(&format!("is a {kind}, which cannot be a definition of its own"));
        }
        match kind {
            "record" => Definition::Record(self.record(definition)),
            "query" | "procedure" | "subscription" => Definition::Method(self.method(kind, definition)),
            "permission-set" => {
                self.permission_set(definition);
                Definition::Type(Type::Anything)
            }
            // Not of the language, but of this server.
            "space" if name == "main" => Definition::Type(Type::Anything),
            "token" => Definition::Type(Type::Token(self.full_name(name).into())),
            _ => Definition::Type(self.type_of(definition)),
        }
    }

    /// What a definition of this lexicon is called in full.
    fn full_name(&self, name: &str) -> String {
        if name == "main" { self.id.to_string() } else { format!("{}#{name}", self.id) }
    }
}

/// What names of definitions and fields are made of.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
