//! A transaction that tells sockets what it does.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use store::Conn;

use super::log::{Draft, Share, append};
use super::{Audience, MessageBody, Update};
use crate::Error;

/// Statements, and what is to be told when they are committed.
pub(crate) struct Tx<'t, 'c> {
    /// For statements.
    pub(crate) conn: &'t mut Conn<'c>,
    /// When it is, in microseconds; one moment for the whole transaction.
    pub(crate) now: i64,
    /// What it does to each account, in the order in which everybody takes their counters.
    shares: BTreeMap<Arc<str>, Share>,
}

impl<'t, 'c> Tx<'t, 'c> {
    pub(crate) fn new(conn: &'t mut Conn<'c>) -> Self {
        Self { conn, now: clock::now_micros(), shares: BTreeMap::new() }
    }

    /// Tells an account's sockets about a change.
    pub(crate) fn tell(
        &mut self,
        account: &Arc<str>,
        audience: Audience,
        body: &impl Serialize,
    ) -> Result<(), Error> {
        let body = encode(body)?;
        self.share(account).drafts.push(Draft { audience, except: None, message_seq: None, body });
        Ok(())
    }

    /// Tells those who follow a session about its message number `seq`, except the socket that sent it.
    pub(crate) fn tell_message(
        &mut self,
        account: &Arc<str>,
        session: &Arc<str>,
        except: Option<&Arc<str>>,
        seq: i64,
        body: &MessageBody<'_>,
    ) -> Result<(), Error> {
        let body = encode(body)?;
        self.share(account).drafts.push(Draft {
            audience: Audience::Session(session.clone()),
            except: except.cloned(),
            message_seq: Some(seq),
            body,
        });
        Ok(())
    }

    /// So many bytes more are kept for an account, or less: whatever it writes where it may write as much as it likes.
    pub(crate) fn keep(&mut self, account: &Arc<str>, bytes: i64) {
        if bytes != 0 && !faults::mutant!("sync-kept-not-counted") {
            self.share(account).kept += bytes;
        }
    }

    fn share(&mut self, account: &Arc<str>) -> &mut Share {
        self.shares.entry(account.clone()).or_default()
    }

    /// Counts what is kept and refuses what makes it more than `room`; numbers and logs what is to be told. The transaction's last
    /// statements.
    pub(crate) fn log(self, room: i64) -> Result<Vec<Update>, Error> {
        append(self.conn, self.now, room, self.shares)
    }
}

fn encode(body: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(body).map_err(|error| Error::Encoding(Arc::new(error)))
}
