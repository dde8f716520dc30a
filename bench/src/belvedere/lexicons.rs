//! The smallest lexicons that make the server index the stream and answer queries.

use serde_json::{Value, json};

use crate::synth::Collection;

/// The query over the notes.
pub const QUERY: &str = "com.example.demo.listNotes";

/// A record lexicon that allows any record.
pub(super) fn record(collection: Collection) -> Value {
    let key = if collection == Collection::Profile { "literal:self" } else { "tid" };
    json!({
        "lexicon": 1,
        "id": collection.nsid(),
        "defs": {
            "main": { "type": "record", "key": key, "record": { "type": "object", "properties": {} } }
        }
    })
}

/// A query lexicon with the parameters of the default handler.
pub(super) fn query(nsid: &str) -> Value {
    json!({
        "lexicon": 1,
        "id": nsid,
        "defs": {
            "main": {
                "type": "query",
                "parameters": {
                    "type": "params",
                    "properties": {
                        "uri": { "type": "string" },
                        "did": { "type": "string" },
                        "limit": { "type": "integer" },
                        "cursor": { "type": "string" }
                    }
                },
                "output": { "encoding": "application/json" }
            }
        }
    })
}
