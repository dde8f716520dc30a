//! One connection while a script has it.

use deadpool_postgres::{Client, Object};
use tokio_postgres::types::{ToSql, Type};

use super::answer::Answer;
use super::failure::classify;
use crate::script_db::Request;
use crate::statement::Kind;
use crate::{Error, Limits, Rows};

/// A connection that goes back to its pool only if it was left clean.
pub(super) struct Session {
    client: Option<Client>,
}

/// Ends a transaction that is to be kept, and what a statement may have left in the session: settings and temporary
/// tables.
const KEEP: &str = "RESET ALL; DISCARD TEMP; COMMIT; SELECT pg_catalog.pg_advisory_unlock_all()";

/// Ends one that is not. Settings and temporary tables end with it, locks need not.
const UNDO: &str = "ROLLBACK; SELECT pg_catalog.pg_advisory_unlock_all()";

impl Session {
    pub(super) fn new(client: Client) -> Self {
        Self { client: Some(client) }
    }

    pub(super) fn client(&self) -> Result<&Client, Error> {
        self.client.as_ref().ok_or_else(|| Error::Unavailable("the session has ended".into()))
    }

    pub(super) async fn batch(&self, sql: &str) -> Result<(), Error> {
        self.client()?.batch_execute(sql).await.map_err(|error| classify(&error))
    }

    /// Runs a script's statement in the transaction that has begun.
    pub(super) async fn statement(
        &self,
        request: &Request,
        role: &str,
        limits: &Limits,
    ) -> Result<Rows, Error> {
        let client = self.client()?;
        let (sql, kind) = (&request.statement.sql, request.statement.kind);
        // The server reads it first: as one statement, without running it, and with the role's eyes.
        self.batch(&format!("SET LOCAL ROLE {role}")).await?;
        let read = client.prepare(sql).await.map_err(|error| classify(&error))?;
        self.batch("SET LOCAL ROLE NONE").await?;
        let shape = match kind {
            Kind::Create => "create",
            _ if read.columns().is_empty() => "silent",
            _ => "rows",
        };
        let sql = match kind {
            // A prepared statement computes all of its rows before the first is seen.
            Kind::Read => format!("SELECT * FROM (\n{sql}\n) AS answer LIMIT {}", limits.rows + 1),
            _ => sql.clone(),
        };
        let arguments: Vec<Option<String>> = request.params.iter().map(crate::Param::as_text).collect();
        let most = |most: usize| i64::try_from(most).unwrap_or(i64::MAX);
        let (max_rows, max_bytes) = (most(limits.rows), most(limits.bytes));
        let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
            (&sql, Type::TEXT),
            (&shape, Type::TEXT),
            (&arguments, Type::TEXT_ARRAY),
            (&max_rows, Type::INT8),
            (&max_bytes, Type::INT8),
        ];
        let lines = client
            .query_typed("SELECT * FROM scripts_internal.run($1, $2, $3, $4, $5)", &parameters)
            .await
            .map_err(|error| classify(&error))?;
        let mut answer = Answer::new(read.columns(), limits);
        for line in &lines {
            answer.line(line.try_get(0).map_err(|error| classify(&error))?)?;
        }
        Ok(answer.finish())
    }

    /// Ends the transaction and gives the connection back.
    pub(super) async fn end(&mut self, keep: bool) -> Result<(), Error> {
        let ended = self.batch(if keep { KEEP } else { UNDO }).await;
        match (&ended, self.client.take()) {
            (Ok(()), Some(client)) => drop(client),
            (_, client) => self.client = client,
        }
        ended
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // Nobody knows what state it is in. The server rolls back when the connection ends.
            drop(Object::take(client));
        }
    }
}
