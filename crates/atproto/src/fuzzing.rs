//! What must hold for any input whatsoever, one function per parser of foreign bytes.
//!
//! The fuzz targets in `fuzz/` call these, and so does a property test on every run of the test suite. They return
//! for any input and panic only when a property is broken.

#![expect(clippy::expect_used, reason = "every function here is a check")]

use std::borrow::Cow;

use bytes::Bytes;
use shrike::cbor::json::{Integers, json_to_drisl};

use crate::crypto::PrivateKey;
use crate::data::record::{self, MAX_REF_BYTES};
use crate::data::{Limits, storable};
use crate::did_doc::DidDocument;
use crate::jetstream::v2::Message;
use crate::jetstream::{DICTIONARY, Decompressor, Event, Kind};
use crate::label::{Frame, MAX_FRAME_BYTES, SignedLabel};
use crate::lexicon::{Lexicon, params};
use crate::{AtUri, Cid, Did};

mod archive;
pub mod auth;
mod lexicon;
mod repository;

pub use archive::segment;
pub use lexicon::{lexicon_record, xrpc_params};
pub use repository::{car, commit, firehose_frame, mst_walk, record_cbor};

/// Bytes an error message may have, whatever the input.
const MAX_MESSAGE_BYTES: usize = 1000;

/// Bytes [`zstd_frame`] lets a frame decompress to.
const MAX_DECOMPRESSED_BYTES: usize = 64 << 10;

/// An event is in range, its record is a slice of the frame and one JSON value, and the event does not depend on
/// what is unknown in it.
pub fn jetstream_frame(input: &[u8]) {
    let frame = Bytes::copy_from_slice(input);
    let event = match Event::parse(frame.clone()) {
        Ok(event) => event,
        Err(error) => return check_message(&error.to_string(), error.reason()),
    };
    assert!(event.time_us >= 0);
    assert_eq!(Did::parse(event.did.as_str()), Ok(event.did.clone()));
    if let Kind::Commit(commit) = &event.kind
        && let Some(written) = commit.operation.written()
    {
        assert!(frame.as_ptr_range().contains(&written.json.as_ptr()), "the record was copied");
        serde_json::from_slice::<serde::de::IgnoredAny>(&written.json).expect("a record is one JSON value");
        record_inspect(&written.json);
    }
    if let Some(rest) = frame.strip_prefix(b"{") {
        let more = [b"{\"unknown to all\":[{}],".as_slice(), rest].concat();
        assert_eq!(Event::parse(Bytes::from(more)), Ok(event));
    }
}

/// The same of a message of a server of version 2.
pub fn jetstream_v2_frame(input: &[u8]) {
    let frame = Bytes::copy_from_slice(input);
    let event = match Message::parse(frame.clone()) {
        Ok(Message::Event(event)) => event,
        Ok(Message::Error { name, message }) => {
            return assert!(name.len() + message.len() <= 2 * MAX_MESSAGE_BYTES);
        }
        Ok(Message::Info { name }) => return assert!(name.len() <= MAX_MESSAGE_BYTES),
        Ok(Message::Unknown) => return,
        Err(error) => return check_message(&error.to_string(), error.reason()),
    };
    assert!(event.time_us >= 0);
    if let Kind::Commit(commit) = &event.kind
        && let Some(written) = commit.operation.written()
    {
        assert!(frame.as_ptr_range().contains(&written.json.as_ptr()), "the record was copied");
        serde_json::from_slice::<serde::de::IgnoredAny>(&written.json).expect("a record is one JSON value");
    }
    assert_eq!(Message::parse(frame), Ok(Message::Event(event)), "a message means one thing");
}

/// A message's labels are no more than its bytes can be, its number is one, and nobody signed what a stranger made up.
pub fn label_frame(input: &[u8]) {
    let frame = match Frame::decode(input) {
        Ok(frame) => frame,
        Err(error) => return check_message(&error.to_string(), error.reason()),
    };
    assert!(input.len() <= MAX_FRAME_BYTES);
    assert_eq!(Frame::decode(input).as_ref(), Ok(&frame), "a message means one thing");
    let Frame::Labels { seq, labels } = frame else { return };
    assert!(seq >= 0 && labels.len() <= input.len());
    let key = PrivateKey::k256(&[1; 32]).expect("a key");
    for SignedLabel { label, ver, sig } in labels.into_iter().flatten().take(8) {
        let texts = [&label.src, &label.uri, &label.val, &label.cts];
        assert!(texts.iter().map(|text| text.len()).sum::<usize>() <= input.len());
        assert!(SignedLabel { label: label.clone(), ver, sig }.verify(key.public()).is_err());
        let signed = SignedLabel::sign(label, &key);
        assert_eq!(signed.verify(key.public()), Ok(()));
    }
}

/// An accepted record can be stored as it is, its references are what they claim to be, and its CID is that of the
/// tree a JSON parser would build.
pub fn record_inspect(input: &[u8]) {
    let limits = Limits::default();
    let record = match record::inspect(input, &limits) {
        Ok(record) => record,
        Err(error) => return check_message(&error.to_string(), error.reason()),
    };
    assert!(matches!(storable(&record.text), Cow::Borrowed(_)), "the stored form has to be storable");
    let tree: serde_json::Value = serde_json::from_str(&record.text).expect("the stored form is JSON");
    assert!(tree.is_object());
    assert!(record.refs.is_sorted_by(|a, b| a < b), "references are sorted and distinct");
    for uri in &record.refs {
        assert!(uri.starts_with("at://") && uri.len() <= MAX_REF_BYTES && !uri.contains('\0'));
    }
    assert_eq!(record::references(&record.text, &limits).as_ref(), Ok(&record.refs));
    match &record.cid {
        Ok(cid) => {
            assert_eq!(Cid::parse(&cid.to_string()), Ok(*cid));
            if record.text.as_bytes() == input {
                let encoded = json_to_drisl(&tree, Integers::Safe).expect("what has a CID is encodable");
                assert_eq!(*cid, Cid::dag_cbor_sha256(&encoded));
            }
        }
        Err(error) => check_message(&error.to_string(), "not_encodable"),
    }
}

/// A lexicon's document parses to the same lexicon, and its parameters take any text without losing a key.
pub fn lexicon_parse(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let lexicon = match Lexicon::parse(text) {
        Ok(lexicon) => lexicon,
        Err(error) => return check_message(&error.to_string(), "lexicon"),
    };
    let again = Lexicon::parse(&lexicon.document().to_string()).expect("a lexicon's document is a lexicon");
    assert_eq!((again.id(), again.kind()), (lexicon.id(), lexicon.kind()));
    for warning in lexicon.warnings() {
        check_message(warning, "warning");
    }
    assert!(
        lexicon.unreadable().is_none_or(|sentence| lexicon.warnings().iter().any(|other| other == sentence))
    );
    assert!(lexicon.compiled().references().is_sorted_by(|a, b| a < b), "each once");
    let keys: Vec<&String> = lexicon.parameters().into_iter().flatten().map(|(key, _)| key).collect();
    let pairs = keys.iter().take(params::MAX_PAIRS).map(|&key| (key.clone(), "1".to_owned())).collect();
    if let Ok(values) = params::coerce(&lexicon, pairs) {
        assert_eq!(values.len(), keys.len().min(params::MAX_PAIRS));
    }
}

/// A document is accepted only for the DID it names, and what it yields is sound.
pub fn did_document(input: &[u8]) {
    let named = serde_json::from_slice::<serde_json::Value>(input)
        .ok()
        .and_then(|document| Did::parse(document.get("id")?.as_str()?).ok());
    let other = Did::parse("did:web:fuzz.invalid").expect("a DID");
    let did = named.unwrap_or_else(|| other.clone());
    let document = match DidDocument::parse(input, &did) {
        Ok(document) => document,
        Err(error) => return check_message(&error.to_string(), "did_document"),
    };
    assert_eq!(document.did(), &did);
    assert!(did == other || DidDocument::parse(input, &other).is_err());
    if let Some(pds) = document.pds() {
        assert!(pds.starts_with("http://") || pds.starts_with("https://"));
        assert_eq!(pds.matches('/').count(), 2, "{pds} is not an origin");
        assert!(!pds.contains(['@', '?', '#']));
    }
    if let Some(key) = document.signing_key() {
        assert_eq!(crate::crypto::PublicKey::parse_did_key(&key.did_key()).as_ref(), Ok(key));
        assert!(key.verify(b"message", &[1; 64]).is_err());
    }
}

/// What parses prints to text that parses to the same, and the underlying parser agrees where both have an opinion.
pub fn at_uri(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let parsed = AtUri::parse(text);
    // Here a '%' may stand in a DID, and no URI has a fragment.
    if !text.contains(['%', '#']) {
        assert_eq!(parsed.is_ok(), shrike::syntax::AtUri::try_from(text).is_ok(), "{text:?}");
    }
    match parsed {
        Ok(uri) => {
            let printed = uri.to_string();
            assert!(printed.eq_ignore_ascii_case(text));
            assert_eq!(AtUri::parse(&printed), Ok(uri));
        }
        Err(error) => check_message(&error.to_string(), error.kind()),
    }
}

/// A frame never decompresses to more than allowed, always to the same, and any bytes survive the round trip.
pub fn zstd_frame(input: &[u8]) {
    let mut decompressor =
        Decompressor::new(DICTIONARY, MAX_DECOMPRESSED_BYTES).expect("memory for a decompressor");
    let first = decompressor.decompress(input);
    match &first {
        Ok(json) => assert!(json.len() <= MAX_DECOMPRESSED_BYTES),
        Err(error) => check_message(&error.to_string(), error.reason()),
    }
    if input.len() <= MAX_DECOMPRESSED_BYTES / 2 {
        let mut compressor =
            zstd::bulk::Compressor::with_dictionary(1, DICTIONARY).expect("memory for a compressor");
        let compressed = compressor.compress(input).expect("anything compresses");
        assert_eq!(decompressor.decompress(&compressed).as_deref(), Ok(input));
    }
    // What is wrong with a broken frame may be worded differently.
    let again = decompressor.decompress(input);
    assert_eq!(again.ok(), first.ok(), "a frame must not depend on those before it");
}

fn check_message(message: &str, reason: &str) {
    assert!(!message.is_empty() && message.len() <= MAX_MESSAGE_BYTES, "{message}");
    assert!(!reason.is_empty());
}
