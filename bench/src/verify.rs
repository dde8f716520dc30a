//! Whether an index holds exactly what the stream said.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;

use anyhow::Context;
use aws_lc_rs::digest;
use rusqlite::{Connection, OpenFlags};

use crate::model::{Key, Model};
use crate::synth::{Collection, Synth};

/// How an index differs from the model. All zero means equal.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Records that should be there and are not.
    pub missing: usize,
    /// Records that are there and should not be.
    pub extra: usize,
    /// Records with another CID or another content than they should have.
    pub stale: usize,
    /// Records shown though their account is inactive, or hidden though it is active.
    pub wrongly_shown: usize,
    /// Records whose backlinks are not the links in them.
    pub wrong_links: usize,
    /// Collections whose number of visible records is not the number that was kept of it.
    pub wrong_counts: usize,
}

/// What an index holds, in short.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records by collection, hidden ones included.
    pub counts: BTreeMap<Collection, usize>,
    /// SHA-256, in hexadecimal, over the lines `uri cid` of all records in the order of the URIs.
    pub checksum: String,
}

struct Found {
    id: i64,
    cid: String,
    json: String,
    visible: bool,
}

const RECORDS: &str = "
    SELECT repos.did, collections.nsid, r.rkey, r.id, r.cid, json(r.record), r.visible
    FROM record_rows r
    JOIN repos ON repos.id = r.repo_id
    JOIN collections ON collections.id = r.collection_id
    WHERE r.record IS NOT NULL";

/// Compares the index at `path` with the model, record by record.
///
/// # Errors
/// When the index cannot be read, or holds records of accounts or collections that the stream never named.
pub fn compare(path: &Path, synth: &Synth, model: &Model) -> anyhow::Result<(Differences, Summary)> {
    let connection = open(path)?;
    let found = read_records(&connection, synth)?;
    let links = read_links(&connection)?;
    let mut differences = Differences::default();
    let mut common = 0;
    for (key, record) in model.records() {
        let Some(found) = found.get(key) else {
            differences.missing += 1;
            continue;
        };
        common += 1;
        let is_stale = found.cid != record.cid || found.json != record.json;
        differences.stale += usize::from(is_stale);
        differences.wrongly_shown += usize::from(found.visible != model.is_visible(key.account));
        let links = links.get(&found.id).map_or(&[][..], Vec::as_slice);
        differences.wrong_links += usize::from(links != record.links);
    }
    differences.extra = found.len() - common;
    let summary = summarize(synth, found.iter().map(|(key, found)| (key, found.cid.as_str())));
    differences.wrong_counts = wrong_counts(&connection, &found)?;
    Ok((differences, summary))
}

/// What the model says an index should hold, in short.
#[must_use]
pub fn expected(synth: &Synth, model: &Model) -> Summary {
    summarize(synth, model.records().map(|(key, record)| (key, record.cid.as_str())))
}

/// A connection that cannot change anything.
///
/// # Errors
/// When there is no database.
pub fn open(path: &Path) -> anyhow::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .with_context(|| format!("opening {}", path.display()))
}

fn read_records(connection: &Connection, synth: &Synth) -> anyhow::Result<HashMap<Key, Found>> {
    let accounts: HashMap<&str, u32> =
        synth.accounts().map(|account| (synth.did(account), account)).collect();
    let collections: HashMap<&str, Collection> =
        Collection::ALL.iter().map(|&collection| (collection.nsid(), collection)).collect();
    let mut records = HashMap::new();
    let mut statement = connection.prepare(RECORDS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (did, nsid): (String, String) = (row.get(0)?, row.get(1)?);
        let account = *accounts.get(did.as_str()).with_context(|| format!("unknown account {did}"))?;
        let collection = *collections.get(nsid.as_str()).with_context(|| format!("unknown {nsid}"))?;
        let key = Key { account, collection, rkey: row.get(2)? };
        let found = Found { id: row.get(3)?, cid: row.get(4)?, json: row.get(5)?, visible: row.get(6)? };
        records.insert(key, found);
    }
    Ok(records)
}

/// Targets by the id of the source, sorted.
fn read_links(connection: &Connection) -> anyhow::Result<HashMap<i64, Vec<String>>> {
    let mut links: HashMap<i64, Vec<String>> = HashMap::new();
    let mut statement = connection.prepare("SELECT source_id, target FROM backlinks ORDER BY target")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        links.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(links)
}

fn wrong_counts(connection: &Connection, found: &HashMap<Key, Found>) -> anyhow::Result<usize> {
    let mut visible: HashMap<Collection, i64> = HashMap::new();
    for (key, _) in found.iter().filter(|(_, found)| found.visible) {
        *visible.entry(key.collection).or_default() += 1;
    }
    let mut wrong = 0;
    for collection in Collection::ALL {
        let kept: i64 = connection
            .query_row(
                "SELECT coalesce(sum(records), 0) FROM collections WHERE nsid = $1",
                [collection.nsid()],
                |row| row.get(0),
            )
            .context("reading the kept counts")?;
        wrong += usize::from(kept != visible.get(&collection).copied().unwrap_or_default());
    }
    Ok(wrong)
}

fn summarize<'a>(synth: &Synth, records: impl Iterator<Item = (&'a Key, &'a str)>) -> Summary {
    let mut counts = BTreeMap::new();
    let mut lines: Vec<String> = records
        .map(|(key, cid)| {
            *counts.entry(key.collection).or_default() += 1;
            format!("at://{}/{}/{} {cid}\n", synth.did(key.account), key.collection.nsid(), key.rkey)
        })
        .collect();
    lines.sort_unstable();
    let mut context = digest::Context::new(&digest::SHA256);
    for line in &lines {
        context.update(line.as_bytes());
    }
    Summary { counts, checksum: data_encoding::HEXLOWER.encode(context.finish().as_ref()) }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { missing, extra, stale, wrongly_shown, wrong_links, wrong_counts } = self;
        write!(
            f,
            "{missing} missing, {extra} extra, {stale} stale, {wrongly_shown} wrongly shown or hidden, "
        )?;
        write!(f, "{wrong_links} with wrong backlinks, {wrong_counts} wrong collection counts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::{RawIndex, plan};
    use crate::synth::{Event, Parameters};

    #[test]
    fn the_planned_rows_are_the_model_and_every_damage_is_seen() {
        let synth = Synth::new(Parameters { accounts: 50, ..Parameters::default() });
        let events: Vec<Event> = (0..8_000).map(|k| synth.event(k)).collect();
        let (batches, model) = plan(&synth, &events, 700);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index.db");
        let mut index = RawIndex::create(&path).unwrap();
        for batch in &batches {
            index.apply(batch).unwrap();
        }

        let (differences, summary) = compare(&path, &synth, &model).unwrap();
        assert_eq!(differences, Differences::default());
        assert_eq!(summary, expected(&synth, &model));
        let hidden = model.records().filter(|(key, _)| !model.is_visible(key.account)).count();
        assert!(hidden > 0, "the test must cover hidden records");

        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "CREATE TEMP TABLE some AS SELECT id FROM record_rows WHERE visible = 1 LIMIT 6;
                 DELETE FROM record_rows WHERE id IN (SELECT id FROM some LIMIT 1);
                 UPDATE record_rows SET cid = 'x' WHERE id IN (SELECT id FROM some LIMIT 1 OFFSET 1);
                 UPDATE record_rows SET record = jsonb('{}') WHERE id IN (SELECT id FROM some LIMIT 1 OFFSET 2);
                 UPDATE record_rows SET visible = 0 WHERE id IN (SELECT id FROM some LIMIT 1 OFFSET 3);
                 UPDATE record_rows SET rkey = 'x' WHERE id IN (SELECT id FROM some LIMIT 1 OFFSET 4);
                 INSERT INTO backlinks SELECT 'at://x', 1, id FROM some LIMIT 1 OFFSET 5;",
            )
            .unwrap();
        let (differences, summary) = compare(&path, &synth, &model).unwrap();
        let damage =
            Differences { missing: 2, extra: 1, stale: 2, wrongly_shown: 1, wrong_links: 1, wrong_counts: 1 };
        assert_eq!(differences, damage);
        assert_ne!(summary.checksum, expected(&synth, &model).checksum);
    }
}
