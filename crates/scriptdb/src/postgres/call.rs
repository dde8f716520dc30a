//! Statements out of a backup, run with the rights of scripts and no others.

use store::{Conn, Engine, Error, Value, v};

use crate::Limits;
use crate::statement::{Kind, Statement};

/// Runs a statement out of a backup as if a script had asked for it.
pub(super) fn make(conn: &mut Conn<'_>, create: &str, views: &[&str], limits: &Limits) -> Result<(), String> {
    if create.len() > limits.sql_bytes {
        return Err("its statement is too long".into());
    }
    let statement = Statement::parse(create, Engine::Postgres, views).map_err(|error| error.to_string())?;
    if statement.kind != Kind::Create || statement.parameters > 0 {
        return Err("its statement is no CREATE TABLE".into());
    }
    let timed = |conn: &mut Conn<'_>| {
        conn.batch(&format!("SET LOCAL statement_timeout = {}", limits.time.as_millis().max(1)))?;
        run(conn, &statement.sql, "create", &[])?;
        conn.batch("SET LOCAL statement_timeout TO DEFAULT")
    };
    timed(conn).map_err(|error| said(&error))
}

/// Runs a statement with the rights of scripts.
pub(super) fn run(conn: &mut Conn<'_>, sql: &str, shape: &str, values: &[Option<&str>]) -> Result<(), Error> {
    let call = "SELECT scripts_internal.run($1, $2, $3, 0, 0)";
    let arguments = [v(sql), v(shape), Value::Texts(values)];
    conn.for_each(call, &arguments, |_| Ok::<_, Error>(()))
}

/// What the server says, without our statement, which says nothing to anybody.
pub(super) fn said(error: &Error) -> String {
    match error {
        Error::Sql { message, .. } => message.clone(),
        other => other.to_string(),
    }
}
