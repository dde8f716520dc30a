//! How the microblog speaks with other servers, checked.

use std::time::Duration;

use activitypub::signature::Form;

use super::error::Error;
use super::values::Values;
use super::{read, table};

/// The fields are described in the table.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
#[derive(Debug)]
pub(crate) struct Federation {
    pub(crate) authorized_fetch: bool,
    pub(crate) hide_collections: bool,
    pub(crate) only_allowed: bool,
    pub(crate) tell_of_blocks: bool,
    pub(crate) backfill: u32,
    pub(crate) signature_window: Duration,
    pub(crate) first_knock: Form,
    pub(crate) inbox_max_bytes: usize,
    pub(crate) inbox_per_minute: u32,
    pub(crate) fetch_max_bytes: usize,
    pub(crate) delivery_workers: usize,
    pub(crate) deliveries_per_second: f64,
}

impl Federation {
    pub(super) fn new(values: &Values) -> Result<Self, Error> {
        Ok(Self {
            authorized_fetch: values.value(&table::AP_AUTHORIZED_FETCH, read::switch)?,
            hide_collections: values.value(&table::AP_HIDE_COLLECTIONS, read::switch)?,
            only_allowed: values.value(&table::AP_ONLY_ALLOWED, read::switch)?,
            tell_of_blocks: values.value(&table::AP_TELL_OF_BLOCKS, read::switch)?,
            backfill: values.value(&table::AP_BACKFILL, read::backfill)?,
            signature_window: values.value(&table::AP_SIGNATURE_WINDOW_SECS, read::signature_window)?,
            first_knock: values.value(&table::AP_FIRST_KNOCK, read::signature_form)?,
            inbox_max_bytes: values.value(&table::AP_INBOX_MAX_BYTES, read::inbox_bytes)?,
            inbox_per_minute: values.value(&table::AP_INBOX_PER_MINUTE, read::per_minute)?,
            fetch_max_bytes: values.value(&table::AP_FETCH_MAX_BYTES, read::fetch_bytes)?,
            delivery_workers: values.value(&table::AP_DELIVERY_WORKERS, read::connections)?,
            deliveries_per_second: values.value(&table::AP_DELIVERIES_PER_SECOND, read::tokens_per_second)?,
        })
    }
}
