//! The Jetstream wire format: <https://github.com/bluesky-social/jetstream>.
//!
//! A subscriber opens a WebSocket at [`Subscribe::query`], receives one [`Event`] per frame (compressed frames go
//! through a [`Decompressor`] first) and may change its filters with [`Subscribe::options_update`]. That is version 1; what a server of
//! version 2 says live is in [`v2`], and what it keeps of the past comes as files: see [`segment`].

mod account;
mod commit;
mod decompressor;
mod event;
mod frame_error;
pub mod segment;
mod subscribe;
pub mod v2;
mod wire;

pub use account::{Account, AccountStatus, Identity};
pub use commit::{Commit, Operation, Written};
pub use decompressor::{DICTIONARY, Decompressor};
pub use event::{Event, Kind};
pub use frame_error::FrameError;
pub use subscribe::{MAX_COLLECTIONS, MAX_DIDS, PATH, Subscribe, SubscribeError};

/// Largest frame accepted unless the caller says otherwise: five times the largest record.
pub const MAX_FRAME_BYTES: usize = 5 << 20;
