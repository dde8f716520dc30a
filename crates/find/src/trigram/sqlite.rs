//! The index on SQLite: a full-text table that keeps no texts, and the triggers that fill it.

use store::{Conn, Engine, v};

use super::{COMPLETE, name};
use crate::sql::Field;
use crate::{Error, Path};

/// Row ids that one transaction looks at, so that no other writer waits for long.
const CHUNK: i64 = 2000;

/// Makes the table and its triggers, anew if somebody has begun. What the triggers see of rows that the building has yet to
/// reach they leave to it.
pub(super) fn create(conn: &mut Conn<'_>, id: i64, collection_id: i64, path: &Path) -> Result<(), Error> {
    let name = name(id);
    let Field { text: new, kind, .. } = Field::of(Engine::Sqlite, "new.record", path);
    let old = Field::of(Engine::Sqlite, "old.record", path).text;
    let is_here = format!("(SELECT built FROM search_fields WHERE id = {id})");
    for statement in [
        format!("DROP TRIGGER IF EXISTS {name}_insert"),
        format!("DROP TRIGGER IF EXISTS {name}_update"),
        format!("DROP TRIGGER IF EXISTS {name}_delete"),
        format!("DROP TABLE IF EXISTS {name}"),
        format!("UPDATE search_fields SET built = 0 WHERE id = {id}"),
        format!(
            "CREATE VIRTUAL TABLE {name} USING fts5
             (text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram')"
        ),
        format!(
            "CREATE TRIGGER {name}_insert AFTER INSERT ON record_rows
             WHEN new.collection_id = {collection_id} AND {kind} = 'text' AND new.id <= {is_here}
             BEGIN INSERT INTO {name} (rowid, text) VALUES (new.id, {new}); END"
        ),
        format!(
            "CREATE TRIGGER {name}_update AFTER UPDATE OF record ON record_rows
             WHEN new.collection_id = {collection_id} AND {new} IS NOT {old} AND new.id <= {is_here}
             BEGIN
                 DELETE FROM {name} WHERE rowid = new.id;
                 INSERT INTO {name} (rowid, text) SELECT new.id, {new} WHERE {kind} = 'text';
             END"
        ),
        format!(
            "CREATE TRIGGER {name}_delete AFTER DELETE ON record_rows
             WHEN old.collection_id = {collection_id}
             BEGIN DELETE FROM {name} WHERE rowid = old.id; END"
        ),
    ] {
        conn.execute(&statement, &[])?;
    }
    Ok(())
}

/// Takes the next rows in; whether that were all.
pub(super) fn extend(conn: &mut Conn<'_>, id: i64, path: &Path, next_try_at: i64) -> Result<bool, Error> {
    const HERE: &str = "
        SELECT collection_id, built, coalesce((SELECT max(id) FROM record_rows), 0)
        FROM search_fields WHERE id = $1";
    let (collection_id, built, last) =
        conn.query_one(HERE, &[v(id)], |row| Ok::<_, Error>((row.int(0)?, row.int(1)?, row.int(2)?)))?;
    if built == COMPLETE {
        return Ok(true);
    }
    let to = built.saturating_add(CHUNK);
    let field = Field::new(Engine::Sqlite, path);
    conn.execute(
        &format!(
            "INSERT INTO {} (rowid, text) SELECT r.id, {} FROM record_rows r NOT INDEXED
             WHERE r.id > $1 AND r.id <= $2 AND r.collection_id = $3 AND {} = 'text'",
            name(id),
            field.text,
            field.kind
        ),
        &[v(built), v(to), v(collection_id)],
    )?;
    let built = if to >= last { COMPLETE } else { to };
    conn.execute(
        "UPDATE search_fields SET built = $1, next_try_at = $2 WHERE id = $3",
        &[v(built), v(next_try_at), v(id)],
    )?;
    Ok(built == COMPLETE)
}
