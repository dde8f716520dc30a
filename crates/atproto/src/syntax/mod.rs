//! Identifiers of the AT Protocol, valid by construction.
//!
//! Text types share their text ([`Arc<str>`](std::sync::Arc)), so a clone is a counter, and hash and compare
//! like the text itself, so that a map keyed by them can be asked with a `&str`.

mod at_identifier;
mod at_uri;
mod cid;
mod did;
mod error;
mod handle;
mod nsid;
mod record_key;
mod serde_text;
mod tid;

pub use at_identifier::AtIdentifier;
pub use at_uri::{AtUri, RecordName};
pub use cid::Cid;
pub use did::Did;
pub use error::SyntaxError;
pub use handle::Handle;
pub use nsid::Nsid;
pub use record_key::RecordKey;
pub use tid::Tid;

/// The impls every identifier that is one piece of text has. `$expecting` completes "expected …".
macro_rules! text_identifier {
    ($name:ident, $expecting:literal) => {
        impl $name {
            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        $crate::syntax::text_impls!($name, $expecting);
    };
}

/// [`FromStr`](std::str::FromStr) and serde by way of `parse` and [`Display`](std::fmt::Display).
macro_rules! text_impls {
    ($name:ident, $expecting:literal) => {
        impl std::str::FromStr for $name {
            type Err = $crate::SyntaxError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::syntax::serde_text::TextVisitor::new($expecting))
            }
        }
    };
}

use {text_identifier, text_impls};
