//! One page of a collection, as a host lists it (`com.atproto.repo.listRecords`).

use std::borrow::Cow;

use atproto::{Cid, Did, Nsid, RecordKey};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Found, found};

/// Records of a page that is asked for, the most that the protocol allows.
pub(crate) const LIMIT: usize = 100;

/// Longest cursor that is sent back.
const MAX_CURSOR: usize = 2048;

/// A page that may be true.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its records, newest keys first.
    pub(crate) found: Vec<Found>,
    /// The last key of the page, valid or not; `None` if the page is empty.
    pub(crate) last: Option<String>,
    /// The last valid key.
    pub(crate) last_valid: Option<RecordKey>,
    /// Entries of the page, those left out included.
    pub(crate) entries: usize,
    /// Where the next page begins.
    pub(crate) cursor: Option<String>,
    /// Why entries were left out.
    pub(crate) rejected: Vec<&'static str>,
}

/// Why a page cannot be true.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BadPage {
    /// It is not one.
    Malformed(String),
    /// It contradicts itself or the page before.
    Untrusted(&'static str),
}

#[derive(Deserialize)]
struct Listing<'a> {
    #[serde(borrow)]
    records: Vec<Entry<'a>>,
    #[serde(borrow)]
    cursor: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    uri: Cow<'a, str>,
    #[serde(borrow)]
    cid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
}

/// Reads a page of a repository's collection whose keys must be below `below`.
///
/// An entry whose content is no record, or not what its CID announces, is left out: what an author or a host does to one
/// record must not cost the others. An entry of another repository or collection, or one out of order, makes the whole page
/// worthless: nothing could be said about what lies between its keys.
pub(crate) fn parse(body: &[u8], did: &Did, collection: &Nsid, below: Option<&str>) -> Result<Page, BadPage> {
    let malformed = |error: serde_json::Error| BadPage::Malformed(error.to_string());
    let Listing { records, cursor } = serde_json::from_slice(body).map_err(malformed)?;
    if records.len() > LIMIT {
        return Err(BadPage::Untrusted("too_many_records"));
    }
    let cursor = cursor.filter(|cursor| !cursor.is_empty()).map(Cow::into_owned);
    if cursor.as_ref().is_some_and(|cursor| cursor.len() > MAX_CURSOR) {
        return Err(BadPage::Malformed("the cursor is too long".into()));
    }

    let prefix = format!("at://{did}/{collection}/");
    let mut page = Page { entries: records.len(), cursor, ..Page::default() };
    for entry in &records {
        let key = entry.uri.strip_prefix(&prefix).ok_or(BadPage::Untrusted("foreign_uri"))?;
        if page.last.as_deref().or(below).is_some_and(|below| key >= below) {
            return Err(BadPage::Untrusted("unordered"));
        }
        page.last = Some(key.to_owned());
        let Ok(rkey) = RecordKey::parse(key) else {
            page.rejected.push("bad_key");
            continue;
        };
        page.last_valid = Some(rkey.clone());
        match record(rkey, entry) {
            Ok(found) => page.found.push(found),
            Err(reason) => page.rejected.push(reason),
        }
    }
    Ok(page)
}

/// The record of an entry, in storable form.
fn record(rkey: RecordKey, entry: &Entry<'_>) -> Result<Found, &'static str> {
    let announced = entry.cid.as_ref().and_then(|cid| Cid::parse(cid).ok()).ok_or("bad_cid")?;
    let value = entry.value.ok_or("no_value")?;
    found::announced(rkey, value.get().as_bytes(), announced)
}

#[cfg(test)]
mod tests {
    use atproto::data::{Limits, record};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const CID: &str = "bafyreihy4jz3d6mhd6ckjs2tpgzhqj4yqxvlrpaz6xrhqtjhrqrfhxhhcu";

    fn did() -> Did {
        Did::parse("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa").unwrap()
    }

    fn entry(key: &str, value: &Value) -> Value {
        let cid = record::inspect(value.to_string().as_bytes(), &Limits::default()).unwrap().cid.unwrap();
        json!({"uri": format!("at://{}/com.example.note/{key}", did()), "cid": cid, "value": value})
    }

    fn read(page: &Value, below: Option<&str>) -> Result<Page, BadPage> {
        parse(page.to_string().as_bytes(), &did(), &Nsid::parse("com.example.note").unwrap(), below)
    }

    #[test]
    fn a_page() {
        let uri = "at://did:web:b.example/com.example.note/x";
        let page =
            json!({"cursor": "a", "records": [entry("c", &json!({"a": uri})), entry("a", &json!({}))]});
        let page = read(&page, Some("d")).unwrap();
        let keys: Vec<&str> = page.found.iter().map(|found| found.rkey.as_str()).collect();
        assert_eq!((keys, page.entries), (vec!["c", "a"], 2));
        assert_eq!(page.found[0].refs, [uri]);
        assert_eq!((page.last.as_deref(), page.cursor.as_deref()), (Some("a"), Some("a")));
        assert!(page.rejected.is_empty());
    }

    #[test]
    fn one_bad_record_does_not_cost_the_others() {
        let mut other = entry("d", &json!({"a": 1}));
        other["cid"] = json!(CID);
        let mut no_record = entry("c", &json!({}));
        no_record["value"] = json!([1]);
        let mut no_cid = entry("b", &json!({}));
        no_cid["cid"] = json!("Qm");
        let mut fraction = entry("9", &json!({}));
        fraction["value"] = json!({"a": 1.5});
        let records =
            json!([other, no_record, no_cid, entry("a", &json!({})), entry("a b", &json!({})), fraction]);
        let records = match records {
            Value::Array(mut records) => {
                records.swap(3, 4);
                records
            }
            _ => unreachable!(),
        };
        let page = read(&json!({"records": records}), None).unwrap();
        let keys: Vec<&str> = page.found.iter().map(|found| found.rkey.as_str()).collect();
        assert_eq!(keys, ["a", "9"], "what cannot be checked is taken");
        assert_eq!(page.rejected, ["cid_mismatch", "not_an_object", "bad_cid", "bad_key"]);
        assert_eq!(page.last_valid, RecordKey::parse("9").ok());
    }

    #[test]
    fn what_makes_a_page_worthless() {
        let (a, b) = (entry("a", &json!({})), entry("b", &json!({})));
        let mut foreign = entry("a", &json!({}));
        foreign["uri"] = json!("at://did:plc:bbbbbbbbbbbbbbbbbbbbbbbb/com.example.note/a");
        let many: Vec<Value> = (0..=LIMIT).map(|n| entry(&format!("{}", 999 - n), &json!({}))).collect();
        for (page, below, reason) in [
            (json!({"records": [a, b]}), None, "unordered"),
            (json!({"records": [b, b]}), None, "unordered"),
            (json!({"records": [b]}), Some("b"), "unordered"),
            (json!({"records": [foreign]}), None, "foreign_uri"),
            (json!({"records": many}), None, "too_many_records"),
        ] {
            assert_eq!(read(&page, below).unwrap_err(), BadPage::Untrusted(reason), "{page}");
        }
        for page in [
            json!({}),
            json!([]),
            json!({"records": [1]}),
            json!({"records": [], "cursor": "x".repeat(3000)}),
        ] {
            assert!(matches!(read(&page, None), Err(BadPage::Malformed(_))), "{page}");
        }
    }

    /// Anything, with a weakness for what a page is made of.
    fn jsonish() -> impl Strategy<Value = Value> {
        let key = prop_oneof!["[a-z]{0,3}", Just("../x".to_owned()), "\\PC{0,8}"];
        let uri = key.prop_map(|key| json!(format!("at://{}/com.example.note/{key}", did())));
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(|n| json!(n)),
            any::<f64>().prop_map(|n| json!(n)),
            "\\PC{0,12}".prop_map(|text| json!(text)),
            uri,
            Just(json!(CID)),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            let name = prop_oneof!["records", "cursor", "uri", "cid", "value", "[a-z$]{1,4}"];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::vec((name, inner), 0..5)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_comes_the_keys_that_are_accepted_descend(
            records in prop::collection::vec((jsonish(), jsonish(), jsonish()), 0..6),
            whole in jsonish(),
            below in prop::option::of("[a-z]{1,3}"),
        ) {
            let entries = records.into_iter().map(|(uri, cid, value)| json!({"uri": uri, "cid": cid, "value": value}));
            let listing = json!({"records": entries.collect::<Vec<_>>()});
            for page in [whole, listing] {
                let Ok(page) = read(&page, below.as_deref()) else { continue };
                let mut bound = below.clone();
                for found in &page.found {
                    prop_assert!(bound.as_deref().is_none_or(|bound| found.rkey.as_str() < bound));
                    bound = Some(found.rkey.as_str().to_owned());
                }
                prop_assert_eq!(page.entries, page.found.len() + page.rejected.len());
            }
        }

        #[test]
        fn bytes_that_are_no_page_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes, &did(), &Nsid::parse("com.example.note").unwrap(), None);
        }
    }
}
