//! The AT Protocol as pure functions and types: no I/O, no clock, no state.
//!
//! - [`syntax`]: the identifiers (DIDs, handles, NSIDs, record keys, AT URIs, TIDs, CIDs);
//! - [`data`]: records as JSON, their CIDs, references and storable form;
//! - [`repo`], [`mst`] and [`car`]: signed repositories, the trees of records in them and the blocks both are made of;
//! - [`firehose`]: the messages of hosts and relays, as they are written, and as they are read by somebody who believes nothing;
//! - [`event_stream`]: what streams of such messages have in common;
//! - [`jetstream`]: the live stream's frames, filters and compression;
//! - [`label`]: what labelers say, their signatures and their stream's messages;
//! - [`lexicon`]: schemas, and query parameters coerced by them;
//! - [`did_doc`] and [`crypto`]: DID documents and the keys in them;
//! - [`oauth`], [`service_auth`] and [`jose`]: how apps and services prove whom they act for, and the tokens they do
//!   it with;
//! - [`attestation`]: what a service says of a record, signed into it;
//! - [`plc`]: the signed operations that DIDs of the PLC directory consist of.
//!
//! Everything here is given bytes that strangers wrote. Every parser therefore bounds size and depth
//! before it builds anything, and every error quotes at most a short excerpt of what it refused.

pub mod attestation;
pub mod car;
mod cbor;
pub mod crypto;
pub mod data;
pub mod did_doc;
pub mod event_stream;
mod excerpt;
pub mod firehose;
#[doc(hidden)]
pub mod fuzzing;
pub mod jetstream;
pub mod jose;
pub mod label;
pub mod lexicon;
pub mod mst;
pub mod oauth;
pub mod plc;
pub mod repo;
pub mod service_auth;
pub mod syntax;

pub use syntax::{AtIdentifier, AtUri, Cid, Did, Handle, Nsid, RecordKey, RecordName, SyntaxError, Tid};
