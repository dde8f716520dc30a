//! What scripts can do to the world outside: the functions somebody else implements.

use std::any::Any;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::value::RawValue;

/// The functions that scripts find in global tables: `db.query` becomes the field `query` of the global `db`,
/// `atproto.spaces.query` is one table deeper.
///
/// Arguments arrive as one JSON array, `nil` as `null`; the result is JSON, and `null` by itself becomes `nil`. Names that begin
/// with `record.` are not tables of their own but what the class `Record` is made of:
///
/// | Function | Arguments | Result |
/// |---|---|---|
/// | `record.schema` | collection | `{"schema": {"properties", "required"}, "key_type"}`, or `null` if there is none |
/// | `record.save` | array of items | array, in the same order, of `{"uri", "cid"}` or `{"error", "auth"?: true}` |
/// | `record.save_local` | item | `{"uri"}` |
/// | `record.delete` | uri | anything |
/// | `record.delete_local` | uri | whether there was one |
/// | `record.load` | array of uris | array, in the same order, of `{"uri", "cid"?, "record"}` or `null` |
///
/// An item is `{"collection", "record", "uri"?, "rkey"?, "repo"?}`: with `uri` it replaces that record, otherwise it is a new
/// one; `repo` only if the script has set it, the host knows whose script it is. `record.save_local` gets `fresh` besides if
/// `rkey` was just made up: its number among those of the run. The host may answer with another key, that of a run before.
///
/// `atproto.blob_download` answers `{"handle": text, "mimeType", "size"}`; `atproto.blob_upload` gets that text as
/// its first argument. `db.raw` gets its parameters as an array without holes.
pub trait Host: Send + Sync {
    /// The names of all functions; the same ones for as long as the host lives.
    fn functions(&self) -> &[&'static str];

    /// Whether a run has the function (an index into [`functions`](Self::functions)). One that it has not is `nil`, and so is a
    /// table without any.
    fn offers(&self, context: &Arc<dyn Any + Send + Sync>, function: usize) -> bool {
        let _ = (context, function);
        true
    }

    /// Calls a function. Dropped when nobody waits for the script any more.
    fn call<'a>(
        &'a self,
        context: &'a Arc<dyn Any + Send + Sync>,
        function: usize,
        arguments: &'a RawValue,
    ) -> BoxFuture<'a, Result<Box<RawValue>, HostError>>;

    /// Is told what a script passes to `log`, while it runs. Must not block.
    fn log(&self, context: &Arc<dyn Any + Send + Sync>, message: &str) {
        let _ = (context, message);
    }
}

/// Why a host function failed; raised in the script as an error with this text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HostError {
    /// For the author of the script.
    pub message: String,
    /// That the session of whoever the script acts for is missing or dead: the script fails with
    /// [`ScriptError::Auth`](crate::ScriptError::Auth) unless it catches the error.
    pub is_auth: bool,
}

impl HostError {
    /// An error that is not about authorisation.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_auth: false }
    }

    /// An error about authorisation.
    #[must_use]
    pub fn auth(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_auth: true }
    }
}
