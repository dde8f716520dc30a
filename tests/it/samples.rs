//! The sample app that the scenarios use, from the project's own lexicons.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// Records that nothing is in but text.
pub(crate) const POST: &str = "dev.belvedere.demo.post";

/// Records that point at posts.
pub(crate) const LIKE: &str = "dev.belvedere.demo.like";

/// One post, by its URI.
pub(crate) const GET_POST: &str = "dev.belvedere.demo.getPost";

/// The record lexicons and, for each, the query that lists it.
pub(crate) const COLLECTIONS: [(&str, &str); 2] =
    [(POST, "dev.belvedere.demo.listPosts"), (LIKE, "dev.belvedere.demo.listLikes")];

/// The query that lists a collection.
pub(crate) fn list_of(collection: &str) -> &'static str {
    COLLECTIONS.iter().find(|(known, _)| *known == collection).unwrap().1
}

/// The file of a sample lexicon.
pub(crate) fn file(nsid: &str) -> PathBuf {
    let lexicons = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../lexicons"));
    lexicons.join(nsid.replace('.', "/")).with_extension("json")
}

/// The document of a sample lexicon.
pub(crate) fn document(nsid: &str) -> Value {
    serde_json::from_slice(&std::fs::read(file(nsid)).unwrap()).unwrap()
}

/// What is uploaded for a procedure that writes posts: the record is the input. Without an action, the input says by a
/// `uri` which post it replaces.
pub(crate) fn procedure(nsid: &str, action: Option<&str>) -> Value {
    let body = json!({ "encoding": "application/json", "schema": { "type": "object", "properties": {} } });
    let main = json!({ "type": "procedure", "input": body, "output": body });
    let lexicon = json!({ "lexicon": 1, "id": nsid, "defs": { "main": main } });
    json!({ "lexicon_json": lexicon, "target_collection": POST, "action": action })
}

/// A post.
pub(crate) fn post(text: &str) -> Value {
    json!({ "$type": POST, "text": text, "createdAt": "2025-01-01T00:00:00.000Z" })
}
