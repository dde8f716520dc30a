//! What a script finds in a global variable.

use std::sync::Arc;

use serde_json::value::RawValue;

/// The value of a global variable, which becomes one of the machine when the script first asks for it. JSON's `null` means
/// that there is none of the name.
pub enum Global {
    /// A string.
    Text(Box<str>),
    /// JSON of this run.
    Json(Box<RawValue>),
    /// JSON that other runs have as well.
    Shared(Arc<RawValue>),
    /// JSON that is only put together if it is asked for.
    Lazy(Box<dyn FnOnce() -> Box<RawValue> + Send>),
}

impl Global {
    /// A string.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// JSON that is only put together if it is asked for.
    #[must_use]
    pub fn lazy(json: impl FnOnce() -> Box<RawValue> + Send + 'static) -> Self {
        Self::Lazy(Box::new(json))
    }
}

impl From<Box<RawValue>> for Global {
    fn from(json: Box<RawValue>) -> Self {
        Self::Json(json)
    }
}

impl From<Arc<RawValue>> for Global {
    fn from(json: Arc<RawValue>) -> Self {
        Self::Shared(json)
    }
}
