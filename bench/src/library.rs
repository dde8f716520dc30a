//! A server's data folder with so many records of one collection that it matters how they are found.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::belvedere::Belvedere;
use crate::raw::{Batch, RawIndex, Row, State, Write, collection_id};
use crate::synth::{Collection, Parameters, Synth};

/// The collection.
pub const COLLECTION: Collection = Collection::Note;
/// Records per transaction while filling.
const BATCH: i64 = 5_000;

/// A filled data folder. Record number k is the k-th oldest.
#[derive(Debug)]
pub struct Library {
    /// The server's binary and folder.
    pub belvedere: Belvedere,
    /// Who says what record k is.
    pub synth: Synth,
    /// How many there are.
    pub records: u32,
    /// How many each account has.
    owned: HashMap<u32, u32>,
}

impl Library {
    /// Makes the folder with the server's own command line, then fills its index directly.
    ///
    /// # Errors
    /// When the command line or SQLite refuses.
    pub fn fill(binary: &Path, data: &Path, records: u32) -> anyhow::Result<Self> {
        let belvedere = Belvedere::new(binary, data)?;
        belvedere.add_collections(&[COLLECTION])?;
        belvedere.add_query(COLLECTION)?;
        let synth = Synth::new(Parameters::default());
        let mut index = RawIndex::open(&belvedere.index())?;
        index.insert_collections()?;
        let mut repos = HashMap::new();
        let records_end = i64::from(records);
        for first in (0..records_end).step_by(usize::try_from(BATCH)?) {
            let end = records_end.min(first + BATCH);
            index.apply(&batch(&synth, first..end, &mut repos))?;
        }
        let mut owned = HashMap::new();
        for k in 0..records_end {
            *owned.entry(synth.account(k)).or_default() += 1;
        }
        Ok(Self { belvedere, synth, records, owned })
    }

    /// The AT URI of record k.
    #[must_use]
    pub fn uri(&self, k: i64) -> String {
        let did = self.synth.did(self.synth.account(k));
        format!("at://{did}/{}/{}", COLLECTION.nsid(), self.synth.rkey(k))
    }

    /// The numbers of all records, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = i64> {
        (0..i64::from(self.records)).rev()
    }

    /// How many records an account has.
    #[must_use]
    pub fn owned_by(&self, account: u32) -> u32 {
        self.owned.get(&account).copied().unwrap_or_default()
    }

    /// The number of an arbitrary record; the same for the same `i`.
    #[must_use]
    pub fn any(&self, i: i64) -> i64 {
        i64::from(self.synth.scatter(i) % self.records.max(1))
    }
}

fn batch(synth: &Synth, range: std::ops::Range<i64>, repos: &mut HashMap<u32, i64>) -> Batch {
    let collection = collection_id(COLLECTION);
    let count = range.end - range.start;
    let mut batch = Batch { counts: vec![(collection, count)], ..Batch::default() };
    let first_id = range.start + 1;
    let mut records: Vec<(i64, i64)> = range
        .map(|k| {
            let next = i64::try_from(repos.len()).unwrap_or(i64::MAX) + 1;
            let account = synth.account(k);
            let repo = *repos.entry(account).or_insert_with(|| {
                batch.repos.push((next, synth.did(account).to_owned()));
                next
            });
            (repo, k)
        })
        .collect();
    // Record keys sort by time, as k does: the order of the unique index.
    records.sort_unstable();
    batch.rows = (first_id..)
        .zip(records)
        .map(|(id, (repo, k))| {
            let record = Some(Arc::new(synth.record(k, COLLECTION)));
            let state =
                State { rev: synth.rev(k).number(), time_us: synth.time_us(k), record, visible: true };
            Row { id, write: Write::Insert { key: (collection, repo, synth.rkey(k).to_string()), state } }
        })
        .collect();
    batch
}
