//! A transaction that tells sockets what it does.

use std::sync::Arc;

use serde::Serialize;
use store::Conn;

use super::log::{Draft, append};
use super::{Audience, MessageBody, Update};
use crate::Error;

/// Statements, and what is to be told when they are committed.
pub(crate) struct Tx<'t, 'c> {
    /// For statements.
    pub(crate) conn: &'t mut Conn<'c>,
    /// When it is, in microseconds; one moment for the whole transaction.
    pub(crate) now: i64,
    drafts: Vec<Draft>,
}

impl<'t, 'c> Tx<'t, 'c> {
    pub(crate) fn new(conn: &'t mut Conn<'c>) -> Self {
        Self { conn, now: clock::now_micros(), drafts: Vec::new() }
    }

    /// Tells an account's sockets about a change.
    pub(crate) fn tell(
        &mut self,
        account: &Arc<str>,
        audience: Audience,
        body: &impl Serialize,
    ) -> Result<(), Error> {
        let body = encode(body)?;
        let account = account.clone();
        self.drafts.push(Draft { account, audience, except: None, message_seq: None, body });
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
        self.drafts.push(Draft {
            account: account.clone(),
            audience: Audience::Session(session.clone()),
            except: except.cloned(),
            message_seq: Some(seq),
            body: encode(body)?,
        });
        Ok(())
    }

    /// Numbers and logs what is to be told. The transaction's last statements.
    pub(crate) fn log(self) -> Result<Vec<Update>, Error> {
        append(self.conn, self.now, self.drafts)
    }
}

fn encode(body: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(body).map_err(|error| Error::Encoding(Arc::new(error)))
}
