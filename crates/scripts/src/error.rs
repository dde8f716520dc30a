//! What can go wrong around scripts.

use lua::ScriptError;

use crate::TriggerError;
use crate::bounds::{MAX_DESCRIPTION, MAX_SCRIPT_BYTES, MAX_SCRIPTS, MAX_VALUE_BYTES, MAX_VARIABLES};

/// A script or variable that could not be stored, found or read. The text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The record index refused or could not be reached.
    #[error(transparent)]
    Records(#[from] records::Error),
    /// The index of labels refused or could not be reached.
    #[error(transparent)]
    Labels(#[from] labels::Error),
    /// The id is no trigger.
    #[error(transparent)]
    Trigger(#[from] TriggerError),
    /// The script does not compile, or its top level fails.
    #[error("the script is not stored: {0}")]
    Script(ScriptError),
    /// A file decides about this script.
    #[error(
        "{id} comes from the file {file} in the folder of scripts: change or remove the file, and what runs follows within \
         seconds"
    )]
    FromFile {
        /// The trigger.
        id: String,
        /// The name of the file.
        file: String,
    },
    /// Another language.
    #[error("script_type must be lua, but it is {0:?}")]
    Type(String),
    /// A description for a page, not for a book.
    #[error("the description may have {MAX_DESCRIPTION} characters at most")]
    Description,
    /// As many scripts as one server keeps.
    #[error(
        "one server keeps {MAX_SCRIPTS} scripts with {} MiB together at most; remove some first",
        MAX_SCRIPT_BYTES >> 20
    )]
    TooMany,
    /// As many variables as one server keeps.
    #[error("one server keeps {MAX_VARIABLES} script variables at most; remove some first")]
    TooManyVariables,
    /// A key that scripts could not name.
    #[error("the key of a variable has 1 to 128 of A-Z, a-z, 0-9 and `_`, the first of them no digit")]
    Key,
    /// A variable is a setting, not a file.
    #[error("the value of a variable may have {} kB at most", MAX_VALUE_BYTES / 1000)]
    Value,
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] accounts::Error),
}

// By hand, so that it is no source: its text is in ours.
impl From<ScriptError> for Error {
    fn from(error: ScriptError) -> Self {
        Self::Script(error)
    }
}
