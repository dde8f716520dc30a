//! Attachments, which the old server has in files beside its database.

use accounts::Imported;
use accounts::imported::reason_in_a_row;
use store::{Conn, v};

use super::{Importer, Outcome};
use crate::Error;
use crate::attachments::put_imported;

impl Importer {
    /// Takes over an attachment of a session that has been taken over.
    pub async fn attachment(
        &self,
        session: String,
        name: String,
        content: Vec<u8>,
    ) -> Result<Outcome, Error> {
        let called = format!("{session}/{name}");
        let put = move |conn: &mut Conn<'_>| {
            let sql = "SELECT account_id FROM sync_sessions WHERE id = $1";
            let owner = conn.query_opt(sql, &[v(&session)], |row| row.string(0))?;
            let Some(owner) = owner else { return Ok(Err("its session was not taken over".to_owned())) };
            let sql = "SELECT 1 FROM sync_attachments WHERE session_id = $1 AND name = $2";
            if conn.query_opt(sql, &[v(&session), v(&name)], |row| row.int(0))?.is_some() {
                return Ok(Ok(Imported::Kept));
            }
            match put_imported(conn, &owner, &session, &name, &content) {
                Ok(()) => Ok(Ok(Imported::Added)),
                Err(error @ (Error::Full(_) | Error::Invalid(_))) => Ok(Err(error.to_string())),
                Err(error) => Err(error),
            }
        };
        let taken = match self.state.write(put).await {
            Ok(taken) => taken,
            Err(error) => Err(reason_in_a_row(error)?),
        };
        Ok(Outcome { name: called, taken })
    }
}
