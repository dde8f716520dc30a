//! The JSON of a frame, borrowed.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::jetstream::wire::{WireAccount, WireIdentity};

#[derive(Deserialize)]
pub(super) struct WireMessage<'a> {
    #[serde(rename = "$type", borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) payload: Option<WirePayload<'a>>,
    #[serde(borrow)]
    pub(super) error: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) message: Option<Cow<'a, str>>,
}

/// Of every kind: the members of a commit are beside those that all have.
#[derive(Deserialize)]
pub(super) struct WirePayload<'a> {
    #[serde(rename = "$type", borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) did: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) rev: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) operation: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) collection: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) rkey: Option<Cow<'a, str>>,
    /// Only its end is looked for: most records are of no interest, and those that are get checked as a whole later.
    #[serde(borrow)]
    pub(super) record: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) cid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) identity: Option<WireIdentity<'a>>,
    #[serde(borrow)]
    pub(super) account: Option<WireAccount<'a>>,
    #[serde(borrow)]
    pub(super) sync: Option<WireSync<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct WireSync<'a> {
    #[serde(borrow)]
    pub(super) did: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) rev: Cow<'a, str>,
}
