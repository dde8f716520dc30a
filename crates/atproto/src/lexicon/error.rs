//! Why a lexicon cannot be used, in sentences for the operator who uploads it.

use crate::SyntaxError;
use crate::data::DataError;

/// A lexicon that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LexiconError {
    /// Not acceptable as JSON.
    #[error("the lexicon cannot be read: {0}")]
    Unreadable(#[from] DataError),
    /// `lexicon` is not 1.
    #[error(
        "`lexicon` must be the number 1, which is the only version of the schema language, but it is {0}"
    )]
    Version(String),
    /// `id` is absent or no string.
    #[error("`id` must be a string: the NSID of the lexicon, such as com.example.feed.post")]
    NoId,
    /// `id` is no NSID.
    #[error("`id`: {0}")]
    Id(#[from] SyntaxError),
    /// `defs` is absent or no object.
    #[error("`defs` must be an object of definitions, usually with one called `main`")]
    NoDefs,
    /// A space lexicon lacks something.
    #[error("a lexicon of type space needs {0}")]
    Space(&'static str),
}
