//! What accounts have written before the network starts.

use atproto::Nsid;
use data_encoding::BASE64_NOPAD;
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use shrike::cbor::{Cid, Codec};

use super::chance::{chance, one_of};
use super::clock::rfc3339;

/// When the first records were written: 2025-01-01, in microseconds.
const BEGINNING: i64 = 1_735_689_600_000_000;

/// When the first commit of every account was made: 2025-03-01. Records are older.
pub(super) const FIRST_COMMIT: i64 = 1_740_787_200_000_000;

const WORDS: [&str; 16] = [
    "belvedere",
    "garden",
    "Aussicht",
    "vue",
    "展望台",
    "вид",
    "🏛️",
    "stone",
    "stair",
    "river",
    "“quoted”",
    "back\\slash",
    "tab\there",
    "line\nbreak",
    "e\u{301}",
    "\u{202e}right-to-left",
];

/// A record and where it is.
pub(super) struct Written {
    pub(super) collection: Nsid,
    pub(super) rkey: String,
    pub(super) record: Value,
}

/// The records of an account in the beginning, a function of its arguments.
pub(super) fn initial(seed: u64, account: usize, records: &[(Nsid, u32)]) -> Vec<Written> {
    let mut written = Vec::new();
    for (collection, count) in records {
        let purpose = format!("{collection} of account {account}");
        let mut chance = chance(seed, &purpose, 0);
        let mut micros = BEGINNING + chance.random_range(0..1_000_000_000);
        for _ in 0..*count {
            micros += chance.random_range(1..200_000_000);
            let rkey = tid(micros, &mut chance);
            let record = record(collection, micros, &mut chance);
            written.push(Written { collection: collection.clone(), rkey, record });
        }
    }
    written
}

/// A record key of this moment.
pub(super) fn tid(micros: i64, chance: &mut StdRng) -> String {
    let clock = chance.random_range(0..1024);
    shrike::syntax::Tid::new(micros.cast_unsigned(), clock).expect("a time in this century").to_string()
}

/// A record with most of what records can have in them: other scripts, numbers, links, bytes, blobs, references.
pub(super) fn record(collection: &Nsid, micros: i64, chance: &mut StdRng) -> Value {
    let created_at = rfc3339(micros);
    let words = chance.random_range(1..12);
    let text: Vec<_> = (0..words).map(|_| *one_of(chance, &WORDS)).collect();
    let mut record = json!({
        "$type": collection, "text": text.join(" "), "createdAt": created_at,
        "score": chance.random_range(0..1_000_000),
    });
    let optional = chance.random_range(0..12_u32);
    let hash = Cid::compute(Codec::Raw, &chance.random::<[u8; 8]>());
    match optional {
        0 => record["tags"] = json!([one_of(chance, &WORDS), "", "zwei"]),
        1 => record["subject"] = json!({ "uri": somewhere(chance), "cid": hash.to_string() }),
        2 => {
            let size = chance.random_range(1..1_000_000);
            record["image"] = json!({
                "$type": "blob", "ref": { "$link": hash.to_string() }, "mimeType": "image/png", "size": size,
            });
        }
        3 => record["raw"] = json!({ "$bytes": BASE64_NOPAD.encode(&chance.random::<[u8; 7]>()) }),
        4 => record["nested"] = json!({ "a": [{ "b": null }, true, -7, { "": {} }], "longer key": [] }),
        _ => {}
    }
    record
}

fn somewhere(chance: &mut StdRng) -> String {
    let did = did(chance);
    format!("at://{did}/com.example.demo.note/{}", tid(BEGINNING + chance.random_range(0..1_000_000), chance))
}

/// A new `did:plc`.
pub(super) fn did(chance: &mut StdRng) -> String {
    let id = data_encoding::BASE32_NOPAD.encode(&chance.random::<[u8; 15]>()).to_ascii_lowercase();
    format!("did:plc:{id}")
}
