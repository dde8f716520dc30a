//! The functions there are, and which of them only look.

use Effect::{Acts, Looks};

/// What a function does beyond answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    Looks,
    /// Something that a script which is tried must not do.
    Acts,
}

pub(super) const BLOB_UPLOAD: &str = "atproto.blob_upload";
pub(super) const SIGN: &str = "atproto.sign";

/// All of them, by name.
const FUNCTIONS: [(&str, Effect); 36] = [
    ("db.query", Looks),
    ("db.get", Looks),
    ("db.search", Looks),
    ("db.count", Looks),
    ("db.backlinks", Looks),
    // It looks at the statement itself.
    ("db.raw", Looks),
    ("db.backend", Looks),
    ("record.schema", Looks),
    ("record.save", Acts),
    ("record.delete", Acts),
    ("record.load", Looks),
    ("record.save_local", Acts),
    ("record.delete_local", Acts),
    ("http.get", Looks),
    ("http.head", Looks),
    ("http.post", Acts),
    ("http.put", Acts),
    ("http.patch", Acts),
    ("http.delete", Acts),
    ("atproto.resolve_service_endpoint", Looks),
    ("jobs.create", Acts),
    ("job.progress", Acts),
    ("job.should_stop", Acts),
    ("job.wait", Acts),
    ("atproto.get_labels", Looks),
    ("atproto.get_labels_batch", Looks),
    ("atproto.blob_download", Looks),
    (BLOB_UPLOAD, Acts),
    (SIGN, Looks),
    ("atproto.verify_signature", Looks),
    ("atproto.spaces.is_member", Looks),
    ("atproto.spaces.get_access", Looks),
    ("atproto.spaces.list_members", Looks),
    ("atproto.spaces.query", Looks),
    ("xrpc.query", Looks),
    ("xrpc.procedure", Acts),
];

/// Their names, in the order of the table.
pub(super) const NAMES: &[&str] = &{
    let mut names = [""; FUNCTIONS.len()];
    let mut number = 0;
    while number < names.len() {
        names[number] = FUNCTIONS[number].0;
        number += 1;
    }
    names
};

/// The one with this number. What is not in the table has no name, and every effect.
pub(super) fn function(number: usize) -> (&'static str, Effect) {
    FUNCTIONS.get(number).copied().unwrap_or(("", Acts))
}
