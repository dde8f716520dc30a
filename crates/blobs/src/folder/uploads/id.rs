//! What uploads are called.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// A UUID, written in the one usual way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UploadId(Uuid);

impl UploadId {
    pub(super) fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

/// What is no name of an upload.
#[derive(Debug, thiserror::Error)]
#[error("an upload is called by a UUID in lower case")]
pub struct NoUploadId;

impl FromStr for UploadId {
    type Err = NoUploadId;

    fn from_str(text: &str) -> Result<Self, NoUploadId> {
        let id = Uuid::try_parse(text).map_err(|_| NoUploadId)?;
        let written = id.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text;
        if written { Ok(Self(id)) } else { Err(NoUploadId) }
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_one_form() {
        let id = UploadId::new();
        let text = id.to_string();
        assert_eq!(text.parse::<UploadId>().unwrap(), id);
        let others = [
            text.to_uppercase(),
            text.replace('-', ""),
            format!("{{{text}}}"),
            format!("urn:uuid:{text}"),
            format!("../{text}"),
            String::new(),
        ];
        for other in others {
            assert!(other.parse::<UploadId>().is_err(), "{other}");
        }
    }
}
