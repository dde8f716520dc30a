//! The index on PostgreSQL, which needs an extension that may not be there.

use store::{Database, Engine, v};
use tracing::warn;

use crate::Error;

/// Who makes them, of all instances.
const LOCK: i64 = 0x736f_6369_616c_0001;

/// People who are named by one transaction.
const AT_ONCE: i64 = 500;

/// Indexes, by their names and what they are of.
const INDEXES: [(&str, &str); 2] = [
    ("social_thoughts_search", "social_thoughts USING gin (search_text {schema}.gin_trgm_ops)"),
    (
        "social_users_names",
        "social_users USING gin ((handle_key || ' ' || coalesce(name_key, lower(display_name), '')) {schema}.gin_trgm_ops)",
    ),
];

/// Makes the indexes that are not there, while others write. Without them what is sought is found all the same, in longer time.
/// On SQLite they are tables that the schema has.
pub async fn build(state: &Database) {
    if let Err(error) = name(state).await {
        warn!(%error, "some people are not found by capitals of their names yet");
    }
    if state.engine() == Engine::Sqlite {
        return;
    }
    if let Err(error) = state.read(create).await {
        warn!(%error, "thoughts are searched without an index: let the database's owner run CREATE EXTENSION pg_trgm");
    }
}

/// Fills in what people are called whose rows are from before it was kept: engines know lower case of ASCII only, or of
/// what their locale has.
async fn name(state: &Database) -> Result<(), Error> {
    loop {
        let named = state.write(|conn| {
            let sql = "SELECT id, display_name FROM social_users WHERE name_key IS NULL AND display_name IS NOT NULL LIMIT $1";
            let some = conn.query(sql, &[v(AT_ONCE)], |row| Ok::<_, Error>((row.int(0)?, row.string(1)?)))?;
            for (id, name) in &some {
                let sql = "UPDATE social_users SET name_key = $2 WHERE id = $1";
                conn.execute(sql, &[v(*id), v(&name.to_lowercase())])?;
            }
            Ok::<_, Error>(some.len())
        });
        if named.await? == 0 {
            return Ok(());
        }
    }
}

fn create(conn: &mut store::Conn<'_>) -> Result<(), Error> {
    // Who comes later finds an index that is not done yet, and must not take it for one that was given up.
    let is_ours = conn.query_one("SELECT pg_try_advisory_lock($1)", &[v(LOCK)], |row| row.bool(0))?;
    if !is_ours {
        return Ok(());
    }
    let made = create_all(conn);
    conn.query_one("SELECT pg_advisory_unlock($1)", &[v(LOCK)], |row| row.bool(0))?;
    made
}

fn create_all(conn: &mut store::Conn<'_>) -> Result<(), Error> {
    const SCHEMA: &str = "
        SELECT quote_ident(nspname) FROM pg_catalog.pg_extension e
        JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_trgm'";
    const IS_VALID: &str = "
        SELECT i.indisvalid FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        WHERE c.relname = $1 AND c.relnamespace = current_schema()::regnamespace";
    conn.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm", &[])?;
    // It may have been there already, in a schema of its administrator's choice.
    let schema: String = conn.query_one(SCHEMA, &[], |row| Ok::<_, Error>(row.string(0)?))?;
    for (name, of) in INDEXES {
        let is_valid = conn.query_opt(IS_VALID, &[v(name)], |row| Ok::<_, Error>(row.bool(0)?))?;
        if is_valid == Some(true) {
            continue;
        }
        // What a building that was interrupted left behind is of no use.
        conn.execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"), &[])?;
        conn.execute(
            &format!("CREATE INDEX CONCURRENTLY {name} ON {}", of.replace("{schema}", &schema)),
            &[],
        )?;
    }
    Ok(())
}
