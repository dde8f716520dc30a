//! What a connection shows of the other databases.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use rusqlite::Connection;

use crate::View;

/// The names by which the authorizer tells a view from a script that reaches past it.
pub(super) struct Views {
    /// What scripts call them.
    pub(super) exposed: HashSet<String>,
    /// What reads the tables. SQLite says only the *name* of the view a table is read for, and a common table expression
    /// passes for a view of its name; so these names cannot be guessed.
    pub(super) secret: HashSet<String>,
    /// The other databases, as they are attached.
    pub(super) databases: HashSet<String>,
    /// Their tables and views.
    pub(super) tables: HashSet<String>,
}

/// Attaches the databases of the views, to be read only, and makes the views.
pub(super) fn create(conn: &Connection, folder: &Path, views: &[View]) -> rusqlite::Result<Views> {
    let prefix = format!("view_{:032x}_", rand::random::<u128>());
    let databases: BTreeSet<_> = views.iter().map(|view| view.tier.name()).collect();
    let mut tables = HashSet::new();
    for database in &databases {
        let file = folder.join(format!("{database}.db"));
        conn.execute(&format!("ATTACH $1 AS \"{database}\""), [read_only(&file)])?;
        tables.extend(names(conn, &format!("SELECT name FROM \"{database}\".sqlite_schema"))?);
    }
    let mut secret = HashSet::new();
    for (number, View { name, sqlite, .. }) in views.iter().enumerate() {
        let reader = format!("{prefix}{number}");
        conn.execute_batch(&format!(
            "CREATE TEMP VIEW \"{reader}\" AS {sqlite};
             CREATE TEMP VIEW \"{name}\" AS SELECT * FROM temp.\"{reader}\";"
        ))?;
        secret.insert(reader);
    }
    Ok(Views {
        exposed: views.iter().map(|view| view.name.to_owned()).collect(),
        secret,
        databases: databases.into_iter().map(str::to_owned).collect(),
        tables,
    })
}

/// A file as SQLite's URI, which alone can say that it is not to be written.
fn read_only(file: &Path) -> String {
    let path: String = file
        .to_string_lossy()
        .chars()
        .map(|c| match c {
            '%' => "%25".into(),
            '?' => "%3f".into(),
            '#' => "%23".into(),
            c => c.to_string(),
        })
        .collect();
    format!("file:{path}?mode=ro")
}

/// The first column of a query, in lower case.
pub(super) fn names(conn: &Connection, sql: &str) -> rusqlite::Result<HashSet<String>> {
    let mut statement = conn.prepare(sql)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    names.map(|name| name.map(|name| name.to_ascii_lowercase())).collect()
}
