//! The rows of a commit. On SQLite a statement for each, which costs next to nothing there; on PostgreSQL one for all.

use atproto::Tid;
use atproto::mst::Drafted;
use atproto::repo::{Commit, SignedBlock};
use data_encoding::HEXLOWER;
use store::{Conn, Engine, v};

use super::columns::Columns;
use super::tree::Change;
use crate::Error;

/// Records that are there now, and those that are not any more.
pub(super) fn write_records(
    conn: &mut Conn<'_>,
    id: i64,
    rev: Tid,
    changes: &[Change<'_>],
) -> Result<(), Error> {
    let cids: Vec<Option<String>> =
        changes.iter().map(|change| change.op.cid.map(|cid| cid.to_string())).collect();
    let all = || changes.iter().zip(&cids);
    let (mut put, mut gone) = (Columns::<4>::default(), Columns::<2>::default());
    for (change, cid) in all() {
        let (collection, rkey) = (change.collection, change.rkey.as_str());
        match (change.content, cid) {
            (Some(content), Some(cid)) => put.push([collection, rkey, cid, &content.json]),
            _ => gone.push([collection, rkey]),
        }
    }
    put.execute(
        conn,
        [id, rev.as_i64()],
        "INSERT INTO repos_records (repo_id, rev, collection, rkey, cid, json) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (repo_id, collection, rkey)
         DO UPDATE SET cid = excluded.cid, json = excluded.json, rev = excluded.rev",
        "INSERT INTO repos_records (repo_id, rev, collection, rkey, cid, json)
         SELECT $1, $2, u.* FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS u
         ON CONFLICT (repo_id, collection, rkey)
         DO UPDATE SET cid = excluded.cid, json = excluded.json, rev = excluded.rev",
    )?;
    gone.execute(
        conn,
        [id],
        "DELETE FROM repos_records WHERE repo_id = $1 AND collection = $2 AND rkey = $3",
        "DELETE FROM repos_records r USING unnest($2::text[], $3::text[]) AS u (collection, rkey)
         WHERE r.repo_id = $1 AND r.collection = u.collection AND r.rkey = u.rkey",
    )
}

/// Which blobs the records have now. Each must be here.
pub(super) fn write_blob_refs(conn: &mut Conn<'_>, id: i64, changes: &[Change<'_>]) -> Result<(), Error> {
    let mut before = Columns::<2>::default();
    for change in changes.iter().filter(|change| change.op.prev.is_some()) {
        before.push([change.collection, change.rkey.as_str()]);
    }
    before.execute(
        conn,
        [id],
        "DELETE FROM repos_blob_refs WHERE repo_id = $1 AND collection = $2 AND rkey = $3",
        "DELETE FROM repos_blob_refs r USING unnest($2::text[], $3::text[]) AS u (collection, rkey)
         WHERE r.repo_id = $1 AND r.collection = u.collection AND r.rkey = u.rkey",
    )?;
    for change in changes {
        for blob in change.content.iter().flat_map(|content| &content.blobs) {
            let inserted = conn.execute(
                "INSERT INTO repos_blob_refs (repo_id, collection, rkey, cid)
                 SELECT repo_id, $2, $3, cid FROM repos_blobs WHERE repo_id = $1 AND cid = $4",
                &[v(id), v(change.collection), v(change.rkey.as_str()), v(&blob.to_string())],
            )?;
            if inserted == 0 {
                return Err(Error::BlobNotFound(*blob));
            }
        }
    }
    Ok(())
}

/// The nodes that are new, and those that the tree has no more.
pub(super) fn write_nodes(conn: &mut Conn<'_>, id: i64, drafted: &Drafted) -> Result<(), Error> {
    let added: Vec<String> = drafted.added.iter().map(|(cid, _)| cid.to_string()).collect();
    match conn.engine() {
        Engine::Sqlite => {
            let insert = "INSERT INTO repos_blocks (repo_id, cid, block) VALUES ($1, $2, $3)";
            for ((_, block), cid) in drafted.added.iter().zip(&added) {
                conn.execute(insert, &[v(id), v(cid), v(block)])?;
            }
        }
        Engine::Postgres => {
            let hex: Vec<String> = drafted.added.iter().map(|(_, block)| HEXLOWER.encode(block)).collect();
            let columns =
                [&added, &hex].map(|column| column.iter().map(|it| Some(&**it)).collect::<Vec<_>>());
            conn.execute(
                "INSERT INTO repos_blocks (repo_id, cid, block)
                 SELECT $1, u.cid, decode(u.hex, 'hex') FROM unnest($2::text[], $3::text[]) AS u (cid, hex)",
                &[v(id), v(columns[0].as_slice()), v(columns[1].as_slice())],
            )?;
        }
    }
    let retired: Vec<String> = drafted.retired.iter().map(ToString::to_string).collect();
    let mut gone = Columns::<1>::default();
    for cid in &retired {
        gone.push([cid]);
    }
    gone.execute(
        conn,
        [id],
        "DELETE FROM repos_blocks WHERE repo_id = $1 AND cid = $2",
        "DELETE FROM repos_blocks b USING unnest($2::text[]) AS u (cid) WHERE b.repo_id = $1 AND b.cid = u.cid",
    )
}

/// What the repository is from now on.
pub(super) fn write_head(
    conn: &mut Conn<'_>,
    id: i64,
    commit: &Commit,
    signed: &SignedBlock,
    now: i64,
) -> Result<(), Error> {
    conn.execute(
        "UPDATE repos_repositories
         SET rev = $2, root = $3, commit_cid = $4, commit_block = $5, updated_at = $6 WHERE id = $1",
        &[
            v(id),
            v(commit.rev.as_i64()),
            v(&commit.data.to_string()),
            v(&signed.cid.to_string()),
            v(&signed.block),
            v(now),
        ],
    )?;
    Ok(())
}
