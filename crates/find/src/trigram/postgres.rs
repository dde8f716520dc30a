//! The index on PostgreSQL: an expression index of the extension `pg_trgm`.

use store::{Conn, Engine};

use super::name;
use crate::sql::Field;
use crate::{Error, Path};

/// Makes the index, outside any transaction, so that writers go on meanwhile.
pub(super) fn create(conn: &mut Conn<'_>, id: i64, collection_id: i64, path: &Path) -> Result<(), Error> {
    const SCHEMA: &str = "
        SELECT quote_ident(nspname) FROM pg_catalog.pg_extension e
        JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_trgm'";
    conn.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm", &[])?;
    // It may have been there already, in a schema of its administrator's choice.
    let schema: String = conn.query_one(SCHEMA, &[], |row| Ok::<_, Error>(row.string(0)?))?;
    let name = name(id);
    // What a building that was interrupted left behind is of no use.
    conn.execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"), &[])?;
    conn.execute(
        &format!(
            "CREATE INDEX CONCURRENTLY {name} ON record_rows USING gin (({}) {schema}.gin_trgm_ops)
             WHERE collection_id = {collection_id}",
            text("record", path)
        ),
        &[],
    )?;
    Ok(())
}

/// The condition that the index answers for the row `r`: that a field contains a text, which is in lower case. The
/// collection stands in it as a literal, as it does in the index.
pub(crate) fn matches(collection_id: i64, path: &Path, pattern: &str) -> String {
    format!("r.collection_id = {collection_id} AND {} LIKE {pattern}", text("r.record", path))
}

fn text(record: &str, path: &Path) -> String {
    format!("lower({} COLLATE \"C\")", Field::of(Engine::Postgres, record, path).text)
}
