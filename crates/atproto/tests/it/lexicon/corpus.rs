//! Every lexicon that the protocol's own projects have published, and real records against theirs.

use std::collections::HashMap;
use std::sync::Arc;

use atproto::Nsid;
use atproto::jetstream::{Event, Kind};
use atproto::lexicon::{Compiled, Data, Lexicon, LexiconType};
use bytes::Bytes;
use serde_json::Value;

use crate::vectors;

pub(crate) fn documents() -> Vec<Value> {
    let json = zstd::decode_all(vectors::bytes("lexicon/corpus.json.zst").as_slice()).unwrap();
    serde_json::from_slice(&json).unwrap()
}

pub(crate) fn catalogue() -> HashMap<Nsid, Arc<Compiled>> {
    documents()
        .iter()
        .map(|document| {
            let lexicon = Lexicon::parse(&document.to_string()).unwrap();
            (lexicon.id().clone(), Arc::clone(lexicon.compiled()))
        })
        .collect()
}

/// None of them has a definition that could not be interpreted.
#[test]
fn all_are_understood_in_full() {
    let documents = documents();
    assert!(documents.len() > 400);
    let mut kinds = HashMap::<LexiconType, usize>::new();
    for document in &documents {
        let lexicon = Lexicon::parse(&document.to_string()).unwrap();
        assert_eq!(lexicon.unreadable(), None, "{}", lexicon.id());
        *kinds.entry(lexicon.kind()).or_default() += 1;
    }
    assert!(kinds[&LexiconType::Record] > 20 && kinds[&LexiconType::Query] > 100, "{kinds:?}");
}

/// Whatever one of them refers to, another defines; but for what was never published there.
#[test]
fn references_are_found() {
    let catalogue = catalogue();
    let mut missing: Vec<&str> = catalogue
        .values()
        .flat_map(|lexicon| lexicon.references())
        .filter(|nsid| !catalogue.contains_key(*nsid))
        .collect();
    missing.sort_unstable();
    missing.dedup();
    assert_eq!(missing, <Vec<&str>>::new());
}

/// Records of the network that are indexed as they come are, with few exceptions, what their lexicons say.
#[test]
fn records_of_the_network_pass() {
    let catalogue = catalogue();
    let (mut passed, mut refused) = (0, Vec::new());
    for frame in vectors::frames() {
        let Ok(event) = Event::parse(Bytes::from(frame)) else { continue };
        let Kind::Commit(commit) = &event.kind else { continue };
        let (Some(written), Some(lexicon)) =
            (commit.operation.written(), catalogue.get(commit.collection.as_str()))
        else {
            continue;
        };
        let text = str::from_utf8(&written.json).unwrap();
        match lexicon.check_record(&catalogue, Some(commit.rkey.as_str()), &Data::parse(text).unwrap()) {
            Ok(verdict) => {
                passed += 1;
                assert_eq!(verdict.unresolved, 0, "{text}");
            }
            Err(invalid) => refused.push(format!("{} {invalid}", commit.collection)),
        }
    }
    assert!(passed > 150, "{passed}");
    assert_eq!(refused, <Vec<String>>::new());
}
