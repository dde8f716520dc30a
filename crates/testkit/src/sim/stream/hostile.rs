//! What means nothing, or is not true; nothing of it may leave a trace in an index.

use bytes::Bytes;
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::event::Event;
use super::forge::{forged, of_another};
use super::frame::{Frame, commit, message};
use crate::sim::clock::{now_micros, rfc3339};
use crate::sim::content;
use crate::sim::world::World;

/// Two years, in microseconds.
const FUTURE: i64 = 2 * 365 * 86_400 * 1_000_000;

/// More than anybody has to take in one message.
const OVERSIZED: usize = 6 << 20;

/// Deeper than anybody has to look.
const DEEP: usize = 10_000;

/// Something to be sent before an event by a Jetstream.
pub(super) fn text(event: &Event, chance: &mut StdRng) -> Message {
    let text = event.text.as_str();
    let replaced = |from: &str, to: &str| Message::text(text.replacen(from, to, 1));
    let time = format!(r#""time_us":{}"#, event.time_us);
    match chance.random_range(0..17_u32) {
        0 => Message::text("{}"),
        1 => Message::text(cut_short(text, chance)),
        2 => replaced(&event.did, "did:plc:not a DID"),
        3 => replaced(&time, &format!(r#""time_us":{}"#, now_micros() + FUTURE)),
        4 => replaced(&time, r#""time_us":-1"#),
        5 => replaced(&time, r#""time_us":99999999999999999999"#),
        6 => Message::text("[".repeat(DEEP)),
        7 => replaced(
            r#""record":{"#,
            &format!(r#""record":{{"deep":{}{},"#, "[".repeat(DEEP), "]".repeat(DEEP)),
        ),
        8 => Message::binary(noise(chance)),
        // No longer what its CID says.
        9..=11 if text.contains(r#""record":{"#) => replaced(r#""record":{"#, r#""record":{"forged":true,"#),
        12 => replaced(r#""collection":""#, r#""collection":"not an NSID"#),
        13 => replaced(r#""rkey":""#, r#""rkey":"../"#),
        14 => replaced(r#""kind":""#, r#""kind":"un"#),
        15 => replaced(r#""rev":""#, r#""rev":"!"#),
        _ => Message::text(
            json!({
                "did": content::did(chance), "time_us": event.time_us, "kind": "account",
                "account": { "active": false, "status": "unheard of", "seq": 1, "time": "never" },
            })
            .to_string(),
        ),
    }
}

/// Something to be sent before a message by a relay or a host.
pub(super) fn binary(world: &World, frame: &Frame, chance: &mut StdRng) -> Message {
    // Passed already: whoever goes on from there misses nothing.
    let (seq, time) = (frame.seq - 1, rfc3339(frame.time_us));
    let made = match chance.random_range(0..16_u32) {
        0 => Some(Bytes::new()),
        1 => Some(noise(chance).into()),
        2 => Some(frame.bytes.slice(..chance.random_range(0..frame.bytes.len()))),
        3 => flipped(frame, chance),
        4 => Some(message("#unheardOf", &json!({ "seq": seq }))),
        5 => Some(message("#commit", &json!({ "seq": seq, "repo": frame.did }))),
        6 => Some(vec![0x81; DEEP].into()),
        7 => {
            let did = content::did(chance);
            let body = json!({ "did": did, "seq": seq, "time": time, "active": false, "status": "deleted" });
            Some(message("#account", &body))
        }
        8 => Some(message("#identity", &json!({ "did": content::did(chance), "seq": seq, "time": "soon" }))),
        9 => {
            let time = rfc3339(frame.time_us + FUTURE);
            Some(message("#identity", &json!({ "did": frame.did, "seq": seq, "time": time })))
        }
        10 => of_another(world, frame),
        _ => forged(world, frame, chance),
    };
    Message::binary(made.unwrap_or_else(|| noise(chance).into()))
}

/// What ends a connection, since nobody takes it.
pub(super) fn oversized() -> Message {
    Message::binary(vec![0xa5; OVERSIZED])
}

fn cut_short(text: &str, chance: &mut StdRng) -> String {
    let at = chance.random_range(0..text.len());
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text[..at].to_owned()
}

/// A commit with one bit of its blocks that is not what it was.
fn flipped(frame: &Frame, chance: &mut StdRng) -> Option<Bytes> {
    let mut told = frame.change.clone()?;
    let mut blocks = told.blocks.to_vec();
    let at = chance.random_range(0..blocks.len());
    blocks[at] ^= 1 << chance.random_range(0..8_u32);
    told.blocks = blocks.into();
    Some(commit(&frame.did, frame.seq - 1, &rfc3339(frame.time_us), &told, &told.ops))
}

fn noise(chance: &mut StdRng) -> Vec<u8> {
    (0..chance.random_range(1..200)).map(|_| chance.random()).collect()
}
