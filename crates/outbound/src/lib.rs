//! Every outgoing connection, behind one guard.
//!
//! URLs come from DID documents, scripts, actors and redirects: from strangers. So there is one way out of the
//! server, and it decides what may be contacted, how long that may take, how much may come back, and when a host is
//! left alone.
//!
//! - [`Policy`] says what may be contacted: public addresses over TLS, plus what the operator exempts. Names are
//!   resolved by our own resolver, each address is checked ([`Range`]), and the connection is made to the very
//!   address that passed. Redirects pass the same check, hop by hop.
//! - [`Outbound`] makes the requests. Every answer is bounded in size (after decompression) and time.
//! - Each `host:port` gets a limited number of exchanges at a time, and is left alone for a while after a failed
//!   connection, a 429 or a 503.
//!
//! ```no_run
//! # async fn example() -> Result<(), outbound::Error> {
//! use outbound::{Outbound, OutboundConfig};
//!
//! let outbound = Outbound::new(OutboundConfig::default())?;
//! let url = url::Url::parse("https://plc.directory/did:plc:ewvi7nxzyoun6zhxrhs64oiz").expect("a URL");
//! let document: serde_json::Value = outbound.get(&url).max_bytes(64 << 10).json().await?;
//! # Ok(()) }
//! ```

mod client;
mod config;
mod connect;
mod dns;
mod error;
mod exchange;
mod guard;
mod host;
mod hosts;
mod incoming;
mod named_host;
mod pause;
mod policy;
mod range;
mod redirect;
mod request;
mod response;
mod stream;
mod target;
mod telemetry;
mod tls;
mod websocket;

pub use tokio_tungstenite::tungstenite;

pub use crate::client::Outbound;
pub use crate::config::{BackOff, OutboundConfig};
pub use crate::error::{Attempt, Cause, Error};
pub use crate::incoming::Incoming;
pub use crate::named_host::{NamedHost, NotAHost};
pub use crate::policy::{Policy, Refusal};
pub use crate::range::Range;
pub use crate::redirect::Redirects;
pub use crate::request::RequestBuilder;
pub use crate::response::Response;
pub use crate::stream::Stream;
pub use crate::websocket::{WebSocket, WebSocketOptions};
