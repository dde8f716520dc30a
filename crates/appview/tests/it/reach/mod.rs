//! What scripts reach beyond the index.

mod attestations;
mod blobs;
mod calls;
mod http;
mod nested;

use appview::NewLexicon;
use serde_json::{Value, json};

use crate::harness::{Server, has_status, procedure_lexicon};

/// A query that a script answers.
const ASK: &str = "com.example.ask";

/// A procedure that a script carries out.
const ACT: &str = "com.example.act";

/// Stores a script, and its lexicon if it is one of the two above.
async fn script(server: &Server, trigger: &str, body: &str) {
    match trigger.split_once(':') {
        Some(("xrpc.query", nsid)) => server.add(NewLexicon::new(lexicon(nsid).to_string())).await,
        Some(("xrpc.procedure", nsid)) => {
            server.add(NewLexicon::new(procedure_lexicon(nsid).to_string())).await;
        }
        _ => {}
    }
    let stored = server.admin.post("/admin/scripts", &json!({ "id": trigger, "body": body })).await;
    assert!(matches!(stored.status, 200 | 201), "{stored:?}");
}

/// What a query answers that is this script.
async fn asked(server: &Server, body: &str) -> Value {
    script(server, &format!("xrpc.query:{ASK}"), &format!("function handle() {body} end")).await;
    server.client.get(&format!("/xrpc/{ASK}")).await.expect(200)
}

/// What it fails with.
async fn failed(server: &Server, body: &str, status: u16) -> Value {
    script(server, &format!("xrpc.query:{ASK}"), &format!("function handle() {body} end")).await;
    let answer = server.client.get(&format!("/xrpc/{ASK}")).await;
    has_status(&answer, status);
    serde_json::from_str(&answer.text).unwrap()
}

/// A query with a parameter of each type.
fn lexicon(id: &str) -> Value {
    json!({"lexicon": 1, "id": id, "defs": {"main": {"type": "query", "parameters": {"type": "params", "properties": {
        "n": {"type": "integer"},
        "flag": {"type": "boolean"},
        "text": {"type": "string"},
        "list": {"type": "array", "items": {"type": "string"}},
    }}}}})
}
