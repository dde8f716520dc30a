//! The index on PostgreSQL, which needs an extension that may not be there.

use store::{Database, Engine};
use tracing::warn;

use crate::Error;

/// Indexes, by their names and what they are of.
const INDEXES: [(&str, &str); 2] = [
    ("social_thoughts_search", "social_thoughts USING gin (search_text {schema}.gin_trgm_ops)"),
    (
        "social_users_search",
        "social_users USING gin ((lower(handle_key || ' ' || coalesce(display_name, ''))) {schema}.gin_trgm_ops)",
    ),
];

/// Makes the indexes that are not there, while others write. Without them what is sought is found all the same, in longer time.
/// On SQLite they are tables that the schema has.
pub async fn build(state: &Database) {
    if state.engine() == Engine::Sqlite {
        return;
    }
    if let Err(error) = state.read(create).await {
        warn!(%error, "thoughts are searched without an index: let the database's owner run CREATE EXTENSION pg_trgm");
    }
}

fn create(conn: &mut store::Conn<'_>) -> Result<(), Error> {
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
        let is_valid = conn.query_opt(IS_VALID, &[store::v(name)], |row| Ok::<_, Error>(row.bool(0)?))?;
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
