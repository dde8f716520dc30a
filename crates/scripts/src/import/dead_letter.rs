//! Dead letters.

use accounts::Imported;
use atproto::{Did, Nsid, RecordKey};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::{Conn, v};

use super::Times;
use crate::{Error, On, RecordInput, Scripts, Trigger};

/// A dead letter as another server kept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedDeadLetter {
    /// Names it whenever it is offered: it is taken over once.
    pub id: String,
    /// The trigger of the script.
    pub script_ref: String,
    /// `record` or `label`.
    pub host_kind: String,
    /// Of a record `NSID:action`; of a label the labeler's DID.
    pub host_id: String,
    /// What the script was given (spec/appview.md §5.4).
    pub payload: String,
    /// What went wrong at the last try.
    pub error: String,
    /// Tries.
    pub attempts: i64,
    /// When it failed.
    pub times: Times,
    /// When somebody dealt with it, in microseconds.
    pub resolved_at: Option<i64>,
}

/// What every server says of an event of a record.
#[derive(Deserialize)]
struct RecordPayload {
    action: String,
    did: Did,
    collection: Nsid,
    rkey: RecordKey,
    record: Option<Box<RawValue>>,
}

/// A row of ours.
struct Letter {
    new: ImportedDeadLetter,
    collection: Option<String>,
    payload: String,
}

impl Scripts {
    /// Takes over dead letters in one transaction. What can neither be looked at nor tried again here is refused, by itself.
    pub async fn import_dead_letters(
        &self,
        new: Vec<ImportedDeadLetter>,
    ) -> Result<Vec<Result<Imported, &'static str>>, Error> {
        let letters: Vec<_> = new.into_iter().map(Letter::new).collect();
        let write = move |conn: &mut Conn<'_>| {
            let put = |letter: &Result<Letter, &'static str>| match letter {
                Ok(letter) => letter.put(conn).map(Ok),
                Err(problem) => Ok(Err(*problem)),
            };
            letters.iter().map(put).collect::<Result<Vec<_>, store::Error>>()
        };
        Ok(self.state.write(write).await?)
    }
}

impl Letter {
    fn new(new: ImportedDeadLetter) -> Result<Self, &'static str> {
        let trigger: Trigger = new.script_ref.parse().map_err(|_| "its script_ref is no trigger")?;
        if new.host_kind == "label" {
            let collection = Some(trigger.suffix().to_owned());
            let is_object = serde_json::from_str::<serde_json::Map<_, _>>(&new.payload).is_ok();
            let payload = new.payload.clone();
            return if is_object {
                Ok(Self { new, collection, payload })
            } else {
                Err("its payload is no JSON object")
            };
        }
        let input = record(&new).ok_or("its payload is not that of an event of a record")?;
        let payload = input.payload(&new.script_ref);
        Ok(Self { new, collection: Some(input.collection.to_string()), payload })
    }

    fn put(&self, conn: &mut Conn<'_>) -> Result<Imported, store::Error> {
        const SQL: &str = "
            INSERT INTO appview_dead_letters (event_id, script_ref, host_kind, host_id, collection, payload, error,
                                              attempts, created_at, resolved_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (event_id) DO NOTHING";
        let new = &self.new;
        let values = [
            v(&new.id),
            v(&new.script_ref),
            v(&new.host_kind),
            v(&new.host_id),
            v(self.collection.as_deref()),
            v(&self.payload),
            v(&new.error),
            v(new.attempts),
            v(new.times.made()),
            v(new.resolved_at),
        ];
        Ok(if conn.execute(SQL, &values)? == 0 { Imported::Kept } else { Imported::Added })
    }
}

fn record(new: &ImportedDeadLetter) -> Option<RecordInput> {
    let RecordPayload { action, did, collection, rkey, record } =
        serde_json::from_str(&new.payload).ok().filter(|_| new.host_kind == "record")?;
    let action = [On::Create, On::Update, On::Delete].into_iter().find(|on| on.as_str() == action)?;
    let record = record.map(|record| record.get().to_owned());
    // Of which version it is nobody wrote down.
    Some(RecordInput { action, did, collection, rkey, event_id: new.id.clone(), cid: None, record })
}
