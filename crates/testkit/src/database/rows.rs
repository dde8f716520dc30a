//! How many rows there are.

use std::collections::BTreeMap;

use store::{Error, Schema, Store};

/// The number of rows of each table of a schema.
pub async fn row_counts(store: &Store, schema: &'static Schema) -> BTreeMap<&'static str, i64> {
    let counts = store.tier(schema.tier).read(move |conn| {
        let count = |table: &&'static str| {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            Ok::<_, Error>((*table, conn.query_one(&sql, &[], |row| row.int(0))?))
        };
        schema.tables.iter().map(count).collect::<Result<BTreeMap<_, _>, _>>()
    });
    counts.await.unwrap_or_else(|error| panic!("counting the rows of {}: {error}", schema.name))
}
