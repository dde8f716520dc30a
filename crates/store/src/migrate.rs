//! Bringing a database to the tables this version expects, and refusing one that differs.

use std::collections::BTreeSet;

use crate::{Conn, Engine, Error, Migration, Schema, Tier, v};

/// Names our lock among PostgreSQL's advisory locks: instances that start together migrate one after the other.
pub(crate) const LOCK: i64 = 0x62_65_6c_76;

/// Where what has been applied is written down, in every tier.
pub(crate) const TABLE: &str = "schema_migrations";

/// Applies what is missing and compares the tables with the declarations. Runs in one transaction.
pub(crate) fn run(conn: &mut Conn<'_>, tier: Tier, schemas: &[&'static Schema]) -> Result<(), Error> {
    run_up_to(conn, tier, schemas, |schema| schema.migrations.len())?;
    check_tables(conn, tier, schemas)
}

/// Applies what is missing of the first `level` migrations of each schema.
pub(crate) fn run_up_to(
    conn: &mut Conn<'_>,
    tier: Tier,
    schemas: &[&'static Schema],
    level: impl Fn(&Schema) -> usize,
) -> Result<(), Error> {
    if conn.engine() == Engine::Postgres {
        // Answers `void`, a type no accessor reads.
        conn.batch(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?;
    }
    conn.batch(&format!(
        "CREATE TABLE IF NOT EXISTS {TABLE} (
            schema TEXT NOT NULL, id BIGINT NOT NULL, name TEXT NOT NULL, sql TEXT NOT NULL,
            PRIMARY KEY (schema, id)
        )"
    ))?;
    for schema in schemas.iter().filter(|schema| schema.tier == tier) {
        apply(conn, schema, level(schema))?;
    }
    Ok(())
}

fn apply(conn: &mut Conn<'_>, schema: &'static Schema, level: usize) -> Result<(), Error> {
    let applied = conn.query(
        "SELECT id, name, sql FROM schema_migrations WHERE schema = $1 ORDER BY id",
        &[v(schema.name)],
        |row| Ok::<_, Error>((row.int(0)?, row.string(1)?, row.string(2)?)),
    )?;
    let wrong = |message: String| Error::Schema { schema: schema.name, message };
    for (position, (id, name, sql)) in applied.iter().enumerate() {
        match schema.migrations.get(position) {
            Some(known)
                if i64::from(known.id) == *id
                    && (text(conn.engine(), known) == sql
                        || faults::mutant!("store-migration-not-compared")) => {}
            Some(known) if i64::from(known.id) == *id => {
                return Err(wrong(format!(
                    "migration {id} ({name}) was applied with another text; restore the release that made this \
                     database, or a backup"
                )));
            }
            _ => {
                return Err(wrong(format!(
                    "the database has migration {id} ({name}), which this version does not know; run the newer \
                     version"
                )));
            }
        }
    }
    for migration in schema.migrations.iter().take(level).skip(applied.len()) {
        let sql = text(conn.engine(), migration);
        conn.batch(sql)?;
        conn.execute(
            "INSERT INTO schema_migrations (schema, id, name, sql) VALUES ($1, $2, $3, $4)",
            &[v(schema.name), v(migration.id), v(migration.name), v(sql)],
        )?;
        faults::crash_point!("store.migrating");
        tracing::info!(schema = schema.name, id = migration.id, name = migration.name, "migrated");
    }
    Ok(())
}

fn text(engine: Engine, migration: &Migration) -> &'static str {
    match engine {
        Engine::Sqlite => migration.sqlite,
        Engine::Postgres => migration.postgres,
    }
}

/// Every table of the tier must be declared by exactly one schema, and every declared table must exist.
fn check_tables(conn: &mut Conn<'_>, tier: Tier, schemas: &[&'static Schema]) -> Result<(), Error> {
    let mut declared = BTreeSet::from([TABLE.to_owned()]);
    for schema in schemas.iter().filter(|schema| schema.tier == tier) {
        for table in schema.tables {
            if !declared.insert((*table).to_owned()) {
                let message = format!("table {table} is declared twice in tier {}", tier.name());
                return Err(Error::Schema { schema: schema.name, message });
            }
        }
    }
    let present: BTreeSet<String> = crate::tables::names(conn)?.into_iter().collect();
    if let Some(table) = declared.symmetric_difference(&present).next() {
        let message = if present.contains(table) {
            format!("table {table} exists in tier {} but no app declares it; move or drop it", tier.name())
        } else {
            format!("table {table} is missing from tier {}; restore a backup", tier.name())
        };
        return Err(Error::Schema { schema: "tiers", message });
    }
    Ok(())
}
