//! Writing keys.

use store::{Conn, Engine, Error, v};

/// A key of an index, and the row of the record that has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) index: i64,
    pub(super) bytes: Vec<u8>,
    pub(super) record: i64,
}

/// Removes keys, unless another record has taken one over.
pub(super) fn remove(conn: &mut Conn<'_>, keys: &[Key]) -> Result<(), Error> {
    const ONE: &str = "DELETE FROM query_entries WHERE index_id = $1 AND key = $2 AND record_id = $3";
    const ALL: &str = "
        DELETE FROM query_entries e USING unnest($1::bigint[], $2::text[], $3::bigint[]) AS n (index, key, record)
        WHERE e.index_id = n.index AND e.key = decode(n.key, 'hex') AND e.record_id = n.record";
    each(conn, keys, (ONE, ALL))
}

/// Adds keys, in their order: that is how the table wants them.
pub(super) fn add(conn: &mut Conn<'_>, keys: &mut [Key]) -> Result<(), Error> {
    const ONE: &str = "
        INSERT INTO query_entries (index_id, key, record_id) VALUES ($1, $2, $3)
        ON CONFLICT (index_id, key) DO UPDATE SET record_id = excluded.record_id";
    const ALL: &str = "
        INSERT INTO query_entries (index_id, key, record_id)
        SELECT index, decode(key, 'hex'), record
        FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS n (index, key, record)
        ON CONFLICT (index_id, key) DO UPDATE SET record_id = excluded.record_id";
    keys.sort_unstable();
    each(conn, keys, (ONE, ALL))
}

fn each(conn: &mut Conn<'_>, keys: &[Key], (one, all): (&str, &str)) -> Result<(), Error> {
    if keys.is_empty() {
        return Ok(());
    }
    match conn.engine() {
        Engine::Sqlite => keys
            .iter()
            .try_for_each(|key| conn.execute(one, &[v(key.index), v(&key.bytes), v(key.record)]).map(drop)),
        Engine::Postgres => {
            let hex: Vec<String> =
                keys.iter().map(|key| data_encoding::HEXLOWER.encode(&key.bytes)).collect();
            let hex: Vec<Option<&str>> = hex.iter().map(|key| Some(key.as_str())).collect();
            let indexes: Vec<i64> = keys.iter().map(|key| key.index).collect();
            let records: Vec<i64> = keys.iter().map(|key| key.record).collect();
            let params = [v(indexes.as_slice()), v(hex.as_slice()), v(records.as_slice())];
            conn.execute(all, &params).map(drop)
        }
    }
}
