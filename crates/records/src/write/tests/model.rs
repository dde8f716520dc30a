//! What the index must contain after any events: a map, and the rules in their simplest words.

use std::collections::{BTreeMap, BTreeSet};

use store::{Error, Store};

use crate::event::Event;
use crate::{RecordAction, RepoStatus};

/// Every visible record's JSON by URI, every reference, every collection's size.
#[derive(Debug, Default, PartialEq)]
pub(super) struct View {
    pub(super) records: BTreeMap<String, serde_json::Value>,
    pub(super) refs: BTreeSet<(String, String)>,
    pub(super) counts: BTreeMap<String, i64>,
}

#[derive(Default)]
pub(super) struct Model {
    /// By URI: the greatest revision seen and the content, if the record is there.
    rows: BTreeMap<(String, String, String), (i64, Option<serde_json::Value>)>,
    status: BTreeMap<String, RepoStatus>,
}

impl Model {
    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::Record(event) => {
                let did = event.did.to_string();
                // A repository is known from its first record on.
                let status = self.status.entry(did.clone()).or_insert(RepoStatus::Active);
                if *status == RepoStatus::Deleted {
                    return;
                }
                let key = (did, event.collection.to_string(), event.rkey.to_string());
                let rev = event.rev.as_i64();
                let content = match &event.action {
                    RecordAction::Put { json, .. } => Some(serde_json::from_str(json).unwrap()),
                    RecordAction::Delete | RecordAction::Withhold { .. } => None,
                };
                let row = self.rows.entry(key).or_insert((i64::MIN, None));
                if rev > row.0 {
                    *row = (rev, content);
                }
            }
            Event::Account { did, status, .. } => {
                let Some(known) = self.status.get_mut(did.as_str()) else { return };
                *known = *status;
                if *status == RepoStatus::Deleted {
                    self.rows.retain(|key, _| key.0 != did.as_str());
                }
            }
            Event::Identity { .. } => {}
        }
    }

    pub(super) fn view(&self) -> View {
        let mut view = View::default();
        for ((did, collection, rkey), (_, content)) in &self.rows {
            let Some(json) = content else { continue };
            if self.status[did] != RepoStatus::Active {
                continue;
            }
            let uri = format!("at://{did}/{collection}/{rkey}");
            for target in [json["subject"].as_str().unwrap(), json["root"]["uri"].as_str().unwrap()] {
                view.refs.insert((uri.clone(), target.to_owned()));
            }
            *view.counts.entry(collection.clone()).or_default() += 1;
            view.records.insert(uri, json.clone());
        }
        view
    }
}

/// The same, read from the database through the views that SQL users see.
pub(super) async fn read(store: &Store) -> View {
    store
        .index
        .read(|conn| {
            let records = conn.query("SELECT uri, record FROM records", &[], |row| {
                Ok::<_, Error>((row.string(0)?, serde_json::from_str(row.text(1)?).unwrap()))
            })?;
            let refs = conn.query("SELECT source_uri, target_uri FROM record_refs", &[], |row| {
                Ok::<_, Error>((row.string(0)?, row.string(1)?))
            })?;
            let counts =
                conn.query("SELECT nsid, records FROM collections WHERE records <> 0", &[], |row| {
                    Ok::<_, Error>((row.string(0)?, row.int(1)?))
                })?;
            Ok::<_, Error>(View {
                records: records.into_iter().collect(),
                refs: refs.into_iter().collect(),
                counts: counts.into_iter().collect(),
            })
        })
        .await
        .unwrap()
}

/// Rows of `backlinks` whose source is gone: there must never be any.
pub(super) async fn orphans(store: &Store) -> i64 {
    store
        .index
        .read(|conn| {
            conn.query_one(
                "SELECT count(*) FROM backlinks WHERE source_id NOT IN
                 (SELECT id FROM record_rows WHERE record IS NOT NULL)",
                &[],
                |row| row.int(0),
            )
        })
        .await
        .unwrap()
}
