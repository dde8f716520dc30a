//! Why a document is not taken.

/// What is wrong with a document; answered with 400 (spec/social.md §4.7).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// Longer than what is read.
    #[error("the document has more than {0} bytes")]
    TooLarge(usize),
    /// Not JSON, or too deep, or a property that decides something is there twice.
    #[error("the document is not JSON of at most 64 levels with each property once: {0}")]
    Json(String),
    /// Not a JSON object.
    #[error("the document is not an object")]
    NotAnObject,
    /// It gives names a meaning that they do not have.
    #[error("the document's context gives {0} a meaning of its own")]
    Context(&'static str),
    /// A property that is needed is not there, or is not what it should be.
    #[error("{0} is missing, or not one address")]
    Property(&'static str),
    /// Something else than what was expected.
    #[error("the document is of another type than {0}")]
    Type(&'static str),
    /// A list with more entries than are read.
    #[error("{0} has too many entries")]
    TooMany(&'static str),
    /// An id, an author or an object of a server that does not speak for the actor.
    #[error("{0} is not on the actor's host")]
    Foreign(&'static str),
}
