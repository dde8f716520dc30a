//! What is said of an account or a record.

use std::collections::{BTreeSet, HashMap};

use clock::now_micros;
use records::Record;
use store::{Conn, Database, Engine, Row, Store, v};

use crate::{AcceptLabelers, Error, self_labels};
use atproto::label::Label;

/// Reads labels. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Labels {
    pub(crate) state: Database,
    pub(crate) index: Database,
}

impl Labels {
    /// Those of a store that was opened with [`SCHEMAS`](crate::SCHEMAS).
    #[must_use]
    pub fn new(store: &Store) -> Self {
        Self { state: store.state.clone(), index: store.index.clone() }
    }

    /// The labels in force of each of these AT URIs or DIDs, by source and value; every one of them is a key of the answer.
    /// Some may be about [one version](Label::is_about) only.
    pub async fn of(
        &self,
        uris: impl IntoIterator<Item = String>,
        accepted: &AcceptLabelers,
    ) -> Result<HashMap<String, Vec<Label>>, Error> {
        let uris: BTreeSet<String> = uris.into_iter().collect();
        let now = now_micros();
        let mut of: HashMap<String, Vec<Label>> = uris.iter().map(|uri| (uri.clone(), Vec::new())).collect();
        for label in self.index.read(move |conn| in_force(conn, &uris, now)).await? {
            if accepted.contains(&label.src)
                && let Some(labels) = of.get_mut(&label.uri)
            {
                labels.push(label);
            }
        }
        Ok(of)
    }

    /// The labels of records in these versions, in their order: what labelers say, and then what the author says in the record
    /// itself. That counts whichever labelers are accepted.
    pub async fn of_records(
        &self,
        records: &[Record],
        accepted: &AcceptLabelers,
    ) -> Result<Vec<Vec<Label>>, Error> {
        let of = self.of(records.iter().map(|record| record.uri.clone()), accepted).await?;
        let labels = records.iter().map(|Record { uri, cid, json, .. }| {
            let said = of.get(uri).into_iter().flatten().filter(|label| label.is_about(cid.as_deref()));
            said.cloned().chain(self_labels(uri, json)).collect()
        });
        Ok(labels.collect())
    }
}

fn in_force(conn: &mut Conn<'_>, uris: &BTreeSet<String>, now: i64) -> Result<Vec<Label>, store::Error> {
    const OF_ONE: &str = "
        SELECT s.did, l.uri, l.cid, l.val, l.cts, l.exp
        FROM label_rows l JOIN label_sources s ON s.id = l.source_id
        WHERE l.uri = $1 AND l.neg = 0 AND s.did IS NOT NULL AND (l.exp_us IS NULL OR l.exp_us > $2)
        ORDER BY s.did, l.val";
    // One round trip instead of one per URI.
    const OF_ALL: &str = "
        SELECT s.did, l.uri, l.cid, l.val, l.cts, l.exp
        FROM label_rows l JOIN label_sources s ON s.id = l.source_id
        WHERE l.uri = ANY($1::text[]) AND l.neg = 0 AND s.did IS NOT NULL
          AND (l.exp_us IS NULL OR l.exp_us > $2)
        ORDER BY s.did, l.val";
    match conn.engine() {
        Engine::Sqlite => {
            let mut labels = Vec::new();
            for uri in uris {
                labels.extend(conn.query(OF_ONE, &[v(uri), v(now)], from_row)?);
            }
            Ok(labels)
        }
        Engine::Postgres => {
            let uris: Vec<Option<&str>> = uris.iter().map(|uri| Some(uri.as_str())).collect();
            conn.query(OF_ALL, &[v(uris.as_slice()), v(now)], from_row)
        }
    }
}

fn from_row(row: &Row<'_>) -> Result<Label, store::Error> {
    Ok(Label {
        src: row.string(0)?,
        uri: row.string(1)?,
        cid: row.opt_text(2)?.map(str::to_owned),
        val: row.string(3)?,
        neg: false,
        cts: row.string(4)?,
        exp: row.opt_text(5)?.map(str::to_owned),
    })
}
