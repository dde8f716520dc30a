//! AT URIs: names of accounts, collections and records.

use std::fmt;

use super::{AtIdentifier, Did, Nsid, RecordKey, SyntaxError};

const KIND: &str = "AT URI";

/// The parts of a record's permanent name: whose it is, in which collection, under which key.
pub type RecordName = (Did, Nsid, RecordKey);

/// `at://AUTHORITY`, `at://AUTHORITY/COLLECTION` or `at://AUTHORITY/COLLECTION/RKEY`.
///
/// Kept as its parts; [`Display`](fmt::Display) puts them together. Fragments are refused: nothing that is stored
/// or served here has one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AtUri {
    authority: AtIdentifier,
    collection: Option<Nsid>,
    /// Only ever present together with a collection.
    rkey: Option<RecordKey>,
}

impl AtUri {
    /// Longest accepted text: the longest DID, NSID and record key with the separators.
    pub const MAX_BYTES: usize =
        "at://".len() + Did::MAX_BYTES + "/".len() + Nsid::MAX_BYTES + "/".len() + RecordKey::MAX_BYTES;

    /// Parses an AT URI, whose error names the part that is wrong.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        SyntaxError::check_length(KIND, text, Self::MAX_BYTES)?;
        let error = |rule: &str| SyntaxError::new(KIND, text, rule);
        let rest = text.strip_prefix("at://").ok_or_else(|| error("it must begin with at://"))?;
        let part = |error: SyntaxError| {
            SyntaxError::new(
                KIND,
                text,
                format!("its {} {:?}: {}", error.kind(), error.value(), error.rule()),
            )
        };

        let mut parts = rest.split('/');
        let authority = AtIdentifier::parse(parts.next().unwrap_or_default()).map_err(part)?;
        let collection = parts.next().map(Nsid::parse).transpose().map_err(part)?;
        let rkey = parts.next().map(RecordKey::parse).transpose().map_err(part)?;
        if parts.next().is_some() {
            return Err(error("nothing may follow the record key"));
        }
        Ok(Self { authority, collection, rkey })
    }

    /// The parts of `at://DID/COLLECTION/RKEY`; `None` for any other text.
    #[must_use]
    pub fn record_name(text: &str) -> Option<RecordName> {
        let Self { authority: AtIdentifier::Did(did), collection: Some(collection), rkey: Some(rkey) } =
            Self::parse(text).ok()?
        else {
            return None;
        };
        Some((did, collection, rkey))
    }

    /// The URI of one record.
    #[must_use]
    pub fn record(did: Did, collection: Nsid, rkey: RecordKey) -> Self {
        Self { authority: AtIdentifier::Did(did), collection: Some(collection), rkey: Some(rkey) }
    }

    /// The account.
    #[must_use]
    pub fn authority(&self) -> &AtIdentifier {
        &self.authority
    }

    /// The account's DID, unless the URI names it by its handle.
    #[must_use]
    pub fn did(&self) -> Option<&Did> {
        self.authority.did()
    }

    /// The collection, if the URI goes that far.
    #[must_use]
    pub fn collection(&self) -> Option<&Nsid> {
        self.collection.as_ref()
    }

    /// The record key, if the URI goes that far.
    #[must_use]
    pub fn rkey(&self) -> Option<&RecordKey> {
        self.rkey.as_ref()
    }

    /// The three parts of a record's permanent name; `None` if one is missing or the authority is a handle.
    #[must_use]
    pub fn as_record(&self) -> Option<(&Did, &Nsid, &RecordKey)> {
        Some((self.did()?, self.collection()?, self.rkey()?))
    }
}

impl fmt::Display for AtUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at://{}", self.authority)?;
        if let Some(collection) = &self.collection {
            write!(f, "/{collection}")?;
        }
        if let Some(rkey) = &self.rkey {
            write!(f, "/{rkey}")?;
        }
        Ok(())
    }
}

super::text_impls!(AtUri, "an AT URI");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_what_it_parses() {
        let text = "at://did:plc:abc/app.bsky.feed.post/3l3qo2vuowo2b";
        let uri = AtUri::parse(text).unwrap();
        let (did, collection, rkey) = uri.as_record().unwrap();
        assert_eq!(AtUri::record(did.clone(), collection.clone(), rkey.clone()), uri);
        assert_eq!(AtUri::record_name(text), Some((did.clone(), collection.clone(), rkey.clone())));
        assert_eq!(uri.to_string(), text);
    }

    #[test]
    fn stops_at_any_part() {
        let account = AtUri::parse("at://Alice.Example.com").unwrap();
        assert_eq!((account.did(), account.collection(), account.rkey()), (None, None, None));
        assert_eq!(account.to_string(), "at://alice.example.com");
        let collection = AtUri::parse("at://did:plc:abc/a.b.c").unwrap();
        assert_eq!(collection.collection().map(Nsid::as_str), Some("a.b.c"));
        assert_eq!(collection.as_record(), None);
    }

    #[test]
    fn only_a_whole_name_with_a_did_is_one_of_a_record() {
        for text in
            ["", "at://did:plc:abc", "at://did:plc:abc/a.b.c", "at://a.example.com/a.b.c/d", "did:plc:abc"]
        {
            assert_eq!(AtUri::record_name(text), None, "{text:?}");
        }
    }

    #[test]
    fn errors_name_the_wrong_part() {
        let error = AtUri::parse("at://did:plc:abc/nope/x").unwrap_err();
        assert_eq!(
            error.to_string(),
            r#""at://did:plc:abc/nope/x" is not a valid AT URI: its NSID "nope": must have at least 3 segments"#
        );
    }
}
