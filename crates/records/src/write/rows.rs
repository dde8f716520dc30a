//! Writing a plan out.

use std::collections::BTreeSet;

use store::{Conn, Engine, Error, Value, v};

use super::decision;
use super::plan::{Link, Plan, RowChange};

/// The number of the next new row. Nobody else can take it: the transaction has the write lock.
pub(super) fn next_id(conn: &mut Conn<'_>) -> Result<i64, Error> {
    conn.query_one("SELECT coalesce(max(id), 0) + 1 FROM record_rows", &[], |row| row.int(0))
}

pub(super) fn write(conn: &mut Conn<'_>, plan: &Plan<'_>) -> Result<(), Error> {
    match conn.engine() {
        Engine::Sqlite => sqlite(conn, plan)?,
        Engine::Postgres => postgres(conn, plan)?,
    }
    for (collection, difference) in &plan.counts {
        count(conn, *collection, *difference)?;
    }
    plan.ended().try_for_each(|key| decision::end(conn, key))?;
    plan.adopted.iter().try_for_each(|(id, rev)| {
        conn.execute("UPDATE record_rows SET rev = $2 WHERE id = $1", &[v(*id), v(*rev)]).map(drop)
    })
}

/// Adds to a collection's counter.
pub(super) fn count(conn: &mut Conn<'_>, collection_id: i64, difference: i64) -> Result<(), Error> {
    const SQL: &str = "UPDATE collections SET records = records + $1 WHERE id = $2";
    conn.execute(SQL, &[v(difference), v(collection_id)]).map(drop)
}

/// Removes links.
pub(super) fn unlink(conn: &mut Conn<'_>, removed: &BTreeSet<Link>) -> Result<(), Error> {
    const ONE: &str = "DELETE FROM backlinks WHERE target = $1 AND collection_id = $2 AND source_id = $3";
    const ALL: &str = "
        DELETE FROM backlinks b USING unnest($1::text[], $2::bigint[], $3::bigint[]) AS l (target, collection, source)
        WHERE b.target = l.target AND b.collection_id = l.collection AND b.source_id = l.source";
    match conn.engine() {
        Engine::Sqlite => removed.iter().try_for_each(|(target, collection, source)| {
            conn.execute(ONE, &[v(target), v(*collection), v(*source)]).map(drop)
        }),
        Engine::Postgres => links(conn, ALL, removed.iter()),
    }
}

/// Removes rows for good.
pub(super) fn remove(conn: &mut Conn<'_>, ids: &[i64]) -> Result<(), Error> {
    match conn.engine() {
        Engine::Sqlite => ids
            .iter()
            .try_for_each(|id| conn.execute("DELETE FROM record_rows WHERE id = $1", &[v(*id)]).map(drop)),
        Engine::Postgres => {
            conn.execute("DELETE FROM record_rows WHERE id = ANY($1::bigint[])", &[v(ids)]).map(drop)
        }
    }
}

fn sqlite(conn: &mut Conn<'_>, plan: &Plan<'_>) -> Result<(), Error> {
    const INSERT: &str = "
        INSERT INTO record_rows
            (id, rev, cid, record, visible, created_at, indexed_at, collection_id, repo_id, rkey)
        VALUES ($1, $2, $3, jsonb($4), $5, $6, $7, $8, $9, $10)";
    const UPDATE: &str = "
        UPDATE record_rows
        SET rev = $2, cid = $3, record = jsonb($4), visible = $5, created_at = $6, indexed_at = $7
        WHERE id = $1";
    for row in &plan.rows {
        let cid = row.cid();
        let values = [
            v(row.id),
            v(row.rev),
            v(cid.as_deref()),
            v(row.json()),
            v(row.visible),
            v(row.created_at),
            v(row.indexed_at),
        ];
        if row.before.is_some() {
            conn.execute(UPDATE, &values)?;
        } else {
            let key = [v(row.first.collection_id), v(row.first.repo.id), v(row.first.event.rkey.as_str())];
            conn.execute(INSERT, &[&values[..], &key].concat())?;
        }
    }
    unlink(conn, &plan.removed_links)?;
    for (target, collection, source) in &plan.added_links {
        conn.execute(
            "INSERT INTO backlinks (target, collection_id, source_id) VALUES ($1, $2, $3)",
            &[v(target), v(*collection), v(*source)],
        )?;
    }
    Ok(())
}

fn postgres(conn: &mut Conn<'_>, plan: &Plan<'_>) -> Result<(), Error> {
    const INSERT: &str = "
        INSERT INTO record_rows
            (id, rev, cid, record, visible, created_at, indexed_at, collection_id, repo_id, rkey)
        SELECT id, rev, cid, record::jsonb, visible, created_at, indexed_at, collection_id, repo_id, rkey
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
                    $8::bigint[], $9::bigint[], $10::text[])
             AS n (id, rev, cid, record, visible, created_at, indexed_at, collection_id, repo_id, rkey)";
    const UPDATE: &str = "
        UPDATE record_rows r
        SET rev = n.rev, cid = n.cid, record = n.record::jsonb, visible = n.visible, created_at = n.created_at,
            indexed_at = n.indexed_at
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
             AS n (id, rev, cid, record, visible, created_at, indexed_at)
        WHERE r.id = n.id";
    const LINK: &str = "
        INSERT INTO backlinks (target, collection_id, source_id)
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])";
    let (known, new): (Vec<_>, Vec<_>) = plan.rows.iter().partition(|row| row.before.is_some());
    if !new.is_empty() {
        Columns::of(&new).execute(conn, INSERT, true)?;
    }
    if !known.is_empty() {
        Columns::of(&known).execute(conn, UPDATE, false)?;
    }
    unlink(conn, &plan.removed_links)?;
    links(conn, LINK, plan.added_links.iter())
}

fn links<'l>(
    conn: &mut Conn<'_>,
    sql: &str,
    links: impl ExactSizeIterator<Item = &'l Link>,
) -> Result<(), Error> {
    if links.len() == 0 {
        return Ok(());
    }
    let mut targets = Vec::with_capacity(links.len());
    let mut collections = Vec::with_capacity(links.len());
    let mut sources = Vec::with_capacity(links.len());
    for (target, collection, source) in links {
        targets.push(Some(target.as_str()));
        collections.push(*collection);
        sources.push(*source);
    }
    conn.execute(sql, &[v(targets.as_slice()), v(collections.as_slice()), v(sources.as_slice())]).map(drop)
}

impl RowChange<'_> {
    fn cid(&self) -> Option<String> {
        self.content.and_then(|content| content.cid).or(self.withheld).map(|cid| cid.to_string())
    }

    fn json(&self) -> Option<&str> {
        self.content.map(|content| content.json)
    }
}

/// Rows turned into arrays, as `unnest` wants them.
struct Columns<'r> {
    ids: Vec<i64>,
    revs: Vec<i64>,
    cids: Vec<Option<String>>,
    json: Vec<Option<&'r str>>,
    visible: Vec<i64>,
    created: Vec<i64>,
    indexed: Vec<i64>,
    collections: Vec<i64>,
    repos: Vec<i64>,
    rkeys: Vec<Option<&'r str>>,
}

impl<'r> Columns<'r> {
    fn of(rows: &[&'r RowChange<'r>]) -> Self {
        let ints = |f: &dyn Fn(&RowChange<'_>) -> i64| rows.iter().map(|row| f(row)).collect::<Vec<i64>>();
        Self {
            ids: ints(&|row| row.id),
            revs: ints(&|row| row.rev),
            cids: rows.iter().map(|row| row.cid()).collect(),
            json: rows.iter().map(|row| row.json()).collect(),
            visible: ints(&|row| i64::from(row.visible)),
            created: ints(&|row| row.created_at),
            indexed: ints(&|row| row.indexed_at),
            collections: ints(&|row| row.first.collection_id),
            repos: ints(&|row| row.first.repo.id),
            rkeys: rows.iter().map(|row| Some(row.first.event.rkey.as_str())).collect(),
        }
    }

    fn execute(&self, conn: &mut Conn<'_>, sql: &str, with_key: bool) -> Result<(), Error> {
        let cids: Vec<Option<&str>> = self.cids.iter().map(Option::as_deref).collect();
        let mut params: Vec<Value<'_>> = vec![
            v(self.ids.as_slice()),
            v(self.revs.as_slice()),
            v(cids.as_slice()),
            v(self.json.as_slice()),
            v(self.visible.as_slice()),
            v(self.created.as_slice()),
            v(self.indexed.as_slice()),
        ];
        if with_key {
            params.extend([
                v(self.collections.as_slice()),
                v(self.repos.as_slice()),
                v(self.rkeys.as_slice()),
            ]);
        }
        conn.execute(sql, &params).map(drop)
    }
}
