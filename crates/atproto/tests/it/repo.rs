//! Whole repositories: real ones, from the signature down to the records.

use atproto::car::Blocks;
use atproto::crypto::{PrivateKey, PublicKey};
use atproto::data::record::decode;
use atproto::did_doc::DidDocument;
use atproto::mst::{Entry, Step, Walk, find};
use atproto::repo::{Commit, RepoError, SignedCommit};
use atproto::{Cid, Did, Tid};
use serde_json::Value;
use shrike::cbor::{Encoder, encode_text_map};

use crate::blocks::{read, value};
use crate::vectors;

fn signed(cbor: &[u8]) -> SignedCommit {
    Commit::decode(cbor).unwrap()
}

fn all(root: Cid, prefix: &str, blocks: &Blocks) -> Vec<Entry> {
    let mut entries = Vec::new();
    assert_eq!(Walk::new(root, prefix).advance(blocks, &mut entries, usize::MAX), Ok(Step::Done));
    entries
}

/// The signing keys of the accounts in a file of documents.
pub(crate) fn keys(documents: Value) -> impl Fn(&Did) -> PublicKey {
    move |did| {
        let document = match &documents {
            Value::Array(list) => list.iter().find(|document| document["id"] == did.as_str()).unwrap(),
            other => other.get(did.as_str()).unwrap_or(other),
        };
        DidDocument::parse(document.to_string().as_bytes(), did).unwrap().signing_key().unwrap().clone()
    }
}

pub(crate) fn compressed_json(path: &str) -> Value {
    serde_json::from_slice(&zstd::decode_all(&*vectors::bytes(path)).unwrap()).unwrap()
}

#[test]
fn a_real_repository_has_the_listed_records() {
    let (roots, blocks) = read("cars/corpus.car");
    let commit = signed(blocks.get(&roots[0]).unwrap());
    let commit = commit.unverified();
    assert_eq!(commit.did.as_str(), "did:plc:53iucmf5ldftgqyf2ac7hmhd");
    assert_eq!(commit.rev.to_string(), "3migo7fijwi2k");
    assert_eq!(commit.data.to_string(), "bafyreidigqr65jj2zsmitco3fcuag6pi7std6quxa2bcp2xrpin44ikzsy");
    let listed: Vec<Entry> = vectors::lines("cars/corpus.tsv")
        .iter()
        .map(|line| {
            let (key, cid) = line.split_once('\t').unwrap();
            Entry { key: key.to_owned(), value: Cid::parse(cid).unwrap() }
        })
        .collect();
    assert_eq!(all(commit.data, "", &blocks), listed);
    for Entry { key, value } in listed {
        assert_eq!(find(commit.data, &key, &blocks), Ok(Some(value)));
    }
}

#[test]
fn every_real_repository_is_read_to_its_last_record() {
    for (name, records) in [
        ("corpus", 23),
        ("empty", 0),
        ("tiny", 8),
        ("rsky", 6),
        ("php-car", 83),
        ("capture", 123),
        ("greenground", 2),
    ] {
        let (roots, blocks) = read(&format!("cars/{name}.car"));
        let commit = signed(blocks.get(&roots[0]).unwrap());
        let entries = all(commit.unverified().data, "", &blocks);
        assert_eq!(entries.len(), records, "{name}");
        for entry in entries {
            decode(blocks.get(&entry.value).unwrap(), &atproto::data::Limits::default()).unwrap();
        }
    }
}

/// The export and the pages of one moment.
#[test]
fn an_export_holds_what_the_pages_show() {
    let (roots, blocks) = read("cars/capture.car");
    let commit = signed(blocks.get(&roots[0]).unwrap());
    let mut exported = all(commit.unverified().data, "com.example.demo.note/", &blocks);
    exported.reverse();
    let pages = vectors::lines("cars/capture.jsonl");
    assert_eq!(exported.len(), pages.len());
    for (entry, line) in exported.iter().zip(pages) {
        let shown: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (&*entry.key, entry.value.to_string()),
            (shown["key"].as_str().unwrap(), shown["cid"].as_str().unwrap().to_owned())
        );
        let record = decode(blocks.get(&entry.value).unwrap(), &atproto::data::Limits::default()).unwrap();
        // Not only equal: the server writes keys in the order of the block, too.
        assert_eq!(serde_json::from_str::<Value>(&record.json).unwrap(), shown["value"]);
    }
}

#[test]
fn a_proof_holds_one_record_and_the_way_to_it() {
    let (roots, blocks) = read("cars/proof.car");
    let commit = signed(blocks.get(&roots[0]).unwrap());
    let mut walk = Walk::new(commit.unverified().data, "");
    assert!(matches!(walk.advance(&blocks, &mut Vec::new(), 10_000), Ok(Step::Missing(_))));
    let (_, export) = read("cars/capture.car");
    let proven = all_keys_of(&export).into_iter().filter(|key| {
        find(commit.unverified().data, key, &blocks)
            .is_ok_and(|cid| cid.is_some_and(|cid| blocks.get(&cid).is_some()))
    });
    assert_eq!(proven.count(), 1);
}

fn all_keys_of(blocks: &Blocks) -> Vec<String> {
    let (roots, _) = read("cars/capture.car");
    let commit = signed(blocks.get(&roots[0]).unwrap());
    all(commit.unverified().data, "", blocks).into_iter().map(|entry| entry.key).collect()
}

/// A commit whose fields a test can change.
struct Draft {
    did: &'static str,
    rev: &'static str,
    version: u64,
    /// A field of a later day.
    extra: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self { did: "did:plc:ewvi7nxzyoun6zhxrhs64oiz", rev: "3l3qo2vutsw2b", version: 3, extra: false }
    }
}

impl Draft {
    fn encode(&self, signature: Option<&[u8]>) -> Vec<u8> {
        let mut keys = vec!["did", "rev", "data", "prev", "version"];
        keys.extend(signature.map(|_| "sig"));
        keys.extend(self.extra.then_some("future"));
        keys.sort_by_key(|key| (key.len(), *key));
        let mut cbor = Vec::new();
        encode_text_map(&mut Encoder::new(&mut cbor), &keys, |encoder, key| match key {
            "did" => encoder.encode_text(self.did),
            "rev" => encoder.encode_text(self.rev),
            "data" => encoder.encode_cid(&crate::blocks::theirs(value("root"))),
            "prev" => encoder.encode_null(),
            "version" => encoder.encode_u64(self.version),
            "future" => encoder.encode_bytes(&[1, 2, 3]),
            _ => encoder.encode_bytes(signature.unwrap()),
        })
        .unwrap();
        cbor
    }

    fn signed(&self, key: &PrivateKey) -> Vec<u8> {
        self.encode(Some(&key.sign(&self.encode(None))))
    }

    fn refusal(&self) -> RepoError {
        Commit::decode(&self.encode(Some(&[1; 64]))).unwrap_err()
    }
}

#[test]
fn what_is_signed_is_everything_but_the_signature() {
    for key in [PrivateKey::generate_k256(), PrivateKey::generate_p256()] {
        for draft in [
            Draft::default(),
            Draft { version: 2, ..Draft::default() },
            Draft { extra: true, ..Draft::default() },
        ] {
            let cbor = draft.signed(&key);
            let commit = signed(&cbor).verify(key.public()).unwrap();
            assert_eq!(commit.did.as_str(), draft.did);
            assert_eq!((commit.rev, commit.data), (Tid::parse(draft.rev).unwrap(), value("root")));
        }
        let signature = key.sign(&Draft::default().encode(None));
        let later = Draft { rev: "3l3qo2vutsw2c", ..Draft::default() };
        assert_eq!(signed(&later.encode(Some(&signature))).verify(key.public()), Err(RepoError::Signature));
        let more = Draft { extra: true, ..Draft::default() };
        assert_eq!(signed(&more.encode(Some(&signature))).verify(key.public()), Err(RepoError::Signature));
    }
}

#[test]
fn commits_that_are_none_are_refused() {
    assert_eq!(Draft { version: 4, ..Draft::default() }.refusal(), RepoError::Version(4));
    assert!(matches!(Draft { did: "plc:x", ..Draft::default() }.refusal(), RepoError::Syntax(_)));
    assert!(matches!(Draft { rev: "now", ..Draft::default() }.refusal(), RepoError::Syntax(_)));
    let fault = |cbor: &[u8]| match Commit::decode(cbor).unwrap_err() {
        RepoError::NotACommit(fault) => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(&Draft::default().encode(None)), "it has no signature");
    assert_eq!(fault(&Draft::default().encode(Some(&[1; 63]))), "its signature has not 64 bytes");
    let mut trailing = Draft::default().encode(Some(&[1; 64]));
    trailing.push(0);
    assert_eq!(fault(&trailing), "bytes follow the value");
    assert_eq!(fault(&[0x80]), "it is no map of a few fields");
    assert_eq!(fault(b"\xa1\x63did\x01"), "its DID is not text");
    assert_eq!(fault(b"\xa1\x63rev\x01"), "its revision is not text");
    assert_eq!(fault(b"\xa1\x63sig\x01"), "its signature is not bytes");
    assert_eq!(fault(b"\xa1\x64data\x01"), "its data is not a link");
    assert_eq!(fault(b"\xa1\x67version\x61x"), "its version is not a number");
    let large = vec![0xa1; 5000];
    assert_eq!(Commit::decode(&large).unwrap_err(), RepoError::TooLarge { bytes: 5000, limit: 4096 });
}
