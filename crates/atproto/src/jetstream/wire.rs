//! The JSON of a frame, borrowed.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
pub(super) struct WireEvent<'a> {
    #[serde(borrow)]
    pub(super) did: Cow<'a, str>,
    pub(super) time_us: i64,
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) commit: Option<WireCommit<'a>>,
    #[serde(borrow)]
    pub(super) identity: Option<WireIdentity<'a>>,
    #[serde(borrow)]
    pub(super) account: Option<WireAccount<'a>>,
}

#[derive(Deserialize)]
pub(super) struct WireCommit<'a> {
    #[serde(borrow)]
    pub(super) rev: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) operation: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) collection: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) rkey: Cow<'a, str>,
    /// Only its end is looked for: most records are of no interest, and those that are get checked as a whole later.
    #[serde(borrow)]
    pub(super) record: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) cid: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct WireIdentity<'a> {
    #[serde(borrow)]
    pub(super) did: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) handle: Option<Cow<'a, str>>,
    pub(super) seq: Option<i64>,
    pub(super) time: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct WireAccount<'a> {
    #[serde(borrow)]
    pub(super) did: Option<Cow<'a, str>>,
    pub(super) active: bool,
    #[serde(borrow)]
    pub(super) status: Option<Cow<'a, str>>,
    pub(super) seq: Option<i64>,
    pub(super) time: Option<String>,
}
