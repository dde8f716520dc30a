//! The live stream of a Jetstream v2 server, `network.bsky.jetstream.subscribeEvents`.
//!
//! What happened is told as in v1, as an [`Event`](super::Event), inside of an envelope that also has room for what the server says of
//! itself: that it has forgotten what was asked for ([`Message::Info`]), or why it ends the stream ([`Message::Error`]). Besides, it tells
//! of repositories whose state jumped ([`Kind::Sync`](super::Kind::Sync)).

mod message;
mod subscribe;
mod wire;

pub use message::Message;
pub use subscribe::Subscribe;

/// Path of the WebSocket endpoint.
pub const PATH: &str = "/xrpc/network.bsky.jetstream.subscribeEvents";

/// The zstd dictionary of [`DICTIONARY_ID`]. A server that has another one by now refuses to compress with it.
pub static DICTIONARY: &[u8] = include_bytes!("../dictionary-v2.zdict");

/// What servers call the dictionary.
pub const DICTIONARY_ID: u32 = 20_260_811;
