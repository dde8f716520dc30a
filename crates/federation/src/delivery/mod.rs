//! Sending what is to be sent: in order for each sender and host, again after failures for days, and by one instance at a time
//! (spec/social.md §4.10).

mod claim;
mod dispatch;
mod enqueue;
mod gone;
mod keeping;
mod ledger;
mod pace;
mod schedule;
mod send;
mod settle;

use std::sync::Arc;

use tokio::sync::Notify;

pub(crate) use self::dispatch::run;
pub(crate) use self::enqueue::{Outgoing, enqueue};
pub(crate) use self::keeping::run as keep;
pub(crate) use self::send::Sender;
pub(crate) use self::settle::pause_after;

/// Wakes whoever sends. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bell(Arc<Notify>);

impl Bell {
    /// There is something to send.
    pub(crate) fn ring(&self) {
        self.0.notify_one();
    }

    pub(super) async fn heard(&self) {
        self.0.notified().await;
    }
}

/// One activity on its way to one inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) id: i64,
    pub(crate) activity: i64,
    pub(crate) sender: i64,
    pub(crate) host: String,
    pub(crate) inbox: String,
    pub(crate) attempts: i64,
}
