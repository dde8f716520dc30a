//! Asking those who decide what is stored, before anything is.

use std::collections::HashMap;

use atproto::Cid;
use remote::Part;
use store::{Conn, Role, v};

use super::Work;
use super::classify;
use super::incoming::{Incoming, IncomingRecord};
use crate::write::ids;
use crate::{Decision, Error, RecordAction, Records};

/// By record key, the version that was decided against; `None` if it is not known which.
type Decided = HashMap<String, Option<String>>;

impl Records {
    /// The parts as they are to be stored.
    pub(super) async fn decide(&self, parts: Vec<Part>, force: bool) -> Result<Vec<Incoming>, Error> {
        let mut incoming: Vec<Incoming> = parts.into_iter().map(Incoming::from).collect();
        self.recall(&mut incoming).await?;
        for part in &mut incoming {
            if !part.records.is_empty() && self.is_decided(&part.collection) {
                self.ask(part, force).await?;
            }
        }
        Ok(incoming)
    }

    /// Leaves out what an operator decided against, as long as it is the same version.
    async fn recall(&self, parts: &mut [Incoming]) -> Result<(), Error> {
        let prefixes: Vec<String> =
            parts.iter().map(|part| format!("at://{}/{}", part.did, part.collection)).collect();
        let decided = self
            .state
            .read(move |conn| {
                if !any(conn)? {
                    return Ok::<_, store::Error>(Vec::new());
                }
                prefixes.iter().map(|prefix| below(conn, prefix)).collect()
            })
            .await?;
        for (part, decided) in parts.iter_mut().zip(decided) {
            for record in &mut part.records {
                if let Some(cid) = decided.get(record.rkey.as_str())
                    && cid.as_deref().is_none_or(|cid| cid == record.cid.to_string())
                    && !faults::mutant!("records-withheld-comes-back")
                {
                    record.action = RecordAction::Withhold { cid: Some(record.cid) };
                }
            }
        }
        Ok(())
    }

    /// Shows the hooks what is new or changed.
    async fn ask(&self, part: &mut Incoming, force: bool) -> Result<(), Error> {
        let index = self.index.with_role(Role::Backfill);
        let asked = part.clone();
        let to_ask = index.read(move |conn| undecided(conn, &asked, force)).await?;
        for hook in self.hooks_of(&part.collection) {
            let shown: Vec<_> = part
                .events()
                .zip(&to_ask)
                .filter(|(event, ask)| **ask && matches!(event.action, RecordAction::Put { .. }))
                .map(|(event, _)| event)
                .collect();
            if shown.is_empty() {
                return Ok(());
            }
            let decisions = hook.decide(&shown).await?;
            let mut decisions: HashMap<_, _> =
                shown.iter().map(|event| event.rkey.clone()).zip(decisions).collect();
            for record in &mut part.records {
                let decision = decisions.remove(&record.rkey).unwrap_or(Decision::Keep);
                record.obey(decision);
            }
        }
        Ok(())
    }
}

impl IncomingRecord {
    fn obey(&mut self, decision: Decision) {
        match decision {
            Decision::Keep => {}
            // What does not pass for a record fails open, as a hook that fails does.
            Decision::Replace(json) => {
                if let Ok(RecordAction::Put { json, refs, .. }) = RecordAction::put(json.as_bytes(), None) {
                    self.action = RecordAction::Put { json, cid: Some(self.cid), refs };
                }
            }
            Decision::Skip | Decision::Refuse => self.action = RecordAction::Delete,
        }
    }
}

impl From<Part> for Incoming {
    fn from(part: Part) -> Self {
        let Part { did, collection, rev, asked_at, keys, records, proven: _ } = part;
        let records = records.into_iter().map(IncomingRecord::new).collect();
        Self { did, collection, rev, asked_at, keys, records }
    }
}

/// Which records of the part are new or changed, in their order.
fn undecided(conn: &mut Conn<'_>, part: &Incoming, force: bool) -> Result<Vec<bool>, Error> {
    let Some(repo) = ids::find(conn, part.did.as_str())? else { return Ok(vec![true; part.records.len()]) };
    let collection_id = ids::collection(conn, part.collection.as_str())?;
    let Some(known) = classify::within(conn, &Work { part, collection_id, repo, is_new: false })? else {
        return Ok(vec![true; part.records.len()]);
    };
    let known: HashMap<_, _> = known.iter().map(|row| (row.rkey.as_str(), row)).collect();
    let ask = |record: &IncomingRecord| {
        classify::judge(known.get(record.rkey.as_str()).copied(), record.cid, part, force).is_written()
    };
    Ok(part.records.iter().map(ask).collect())
}

/// Whether anything was ever decided here: mostly not.
fn any(conn: &mut Conn<'_>) -> Result<bool, store::Error> {
    conn.query_opt("SELECT 1 FROM local_decisions LIMIT 1", &[], |row| row.int(0))
        .map(|found| found.is_some())
}

/// The decisions about records of one collection of a repository.
fn below(conn: &mut Conn<'_>, prefix: &str) -> Result<Decided, store::Error> {
    const SQL: &str = "
        SELECT uri, cid FROM local_decisions WHERE uri >= $1 AND uri < $2 AND decision = 'deleted'";
    // `0` is what comes after `/`.
    let (from, before) = (format!("{prefix}/"), format!("{prefix}0"));
    let rows = conn.query(SQL, &[v(&from), v(&before)], |row| {
        Ok::<_, store::Error>((row.text(0)?[from.len()..].to_owned(), row.opt_text(1)?.map(str::to_owned)))
    })?;
    Ok(rows.into_iter().collect())
}

/// The decision about one record, as it stands for a version: whether that version is to be left out.
pub(crate) fn is_withheld(conn: &mut Conn<'_>, uri: &str, cid: Cid) -> Result<bool, store::Error> {
    const SQL: &str = "SELECT cid FROM local_decisions WHERE uri = $1 AND decision = 'deleted'";
    let decided =
        conn.query_opt::<_, store::Error>(SQL, &[v(uri)], |row| Ok(row.opt_text(0)?.map(str::to_owned)))?;
    Ok(decided.is_some_and(|version| version.is_none_or(|version| version == cid.to_string())))
}
