//! DIDs in TXT records.

use atproto::Did;

/// More than one DID where one is needed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ambiguous;

/// The DID of the one record `did=…`; other records are none of our business. The same DID twice is one DID.
pub(crate) fn did(records: &[String]) -> Result<Option<Did>, Ambiguous> {
    let mut values: Vec<&str> = records.iter().filter_map(|record| record.strip_prefix("did=")).collect();
    values.sort_unstable();
    values.dedup();
    match values[..] {
        [] => Ok(None),
        [value] => Ok(Did::parse(value.trim()).ok()),
        _ => Err(Ambiguous),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(records: &[&str]) -> Result<Option<String>, Ambiguous> {
        let records: Vec<String> = records.iter().map(|&record| record.into()).collect();
        Ok(did(&records)?.map(|did| did.to_string()))
    }

    #[test]
    fn exactly_one_did_counts() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["v=spf1 -all"]), Ok(None));
        assert_eq!(read(&["v=spf1 -all", "did=did:plc:abc"]), Ok(Some("did:plc:abc".into())));
        assert_eq!(read(&["did=did:plc:abc", "did=did:plc:abc"]), Ok(Some("did:plc:abc".into())));
        assert_eq!(read(&["did=did:plc:abc", "did=did:plc:xyz"]), Err(Ambiguous));
        assert_eq!(read(&["did=did:plc:abc", "did=nonsense"]), Err(Ambiguous));
        assert_eq!(read(&["did=nonsense"]), Ok(None));
        assert_eq!(read(&["DID=did:plc:abc"]), Ok(None));
    }
}
