//! What the class `Record` is made of (spec/appview.md §5.8).

use accounts::pds::{PdsError, PdsSession};
use atproto::{AtUri, Did, Nsid, RecordKey, RecordName};
use lua::HostError;
use records::RepoWrite;
use serde_json::{Map, Value, json};

use super::{Answer, Arguments, ScriptHost, raw};

/// Records that are written with one call.
const MAX_RECORDS: usize = 100;

/// Written at the same time: what a PDS of one person bears.
const AT_ONCE: usize = 4;

/// One record to be written, as the class gives it.
pub(super) struct Item {
    pub(super) collection: Nsid,
    pub(super) record: Map<String, Value>,
    /// Replaces the record of this name.
    pub(super) replaces: Option<RecordName>,
    pub(super) rkey: Option<RecordKey>,
    pub(super) repo: Option<Did>,
}

impl ScriptHost {
    pub(super) fn schema(&self, arguments: &Arguments) -> Answer {
        let collection = arguments.text(0, "collection")?;
        let Some(lexicon) = self.catalogue.find(collection).filter(|lexicon| lexicon.is_record()) else {
            return raw(&());
        };
        let main = lexicon.lexicon().main();
        let record = main.and_then(|main| main.get("record")).cloned().unwrap_or_default();
        let key = main.and_then(|main| main.get("key")).and_then(Value::as_str).unwrap_or("tid");
        raw(&json!({
            "schema": { "properties": record["properties"], "required": record["required"] },
            "key_type": key,
        }))
    }

    pub(super) async fn save(&self, session: Option<&PdsSession>, arguments: &Arguments) -> Answer {
        let items = arguments.at(0).as_array().ok_or_else(|| HostError::new("records must be an array"))?;
        if items.len() > MAX_RECORDS {
            return Err(HostError::new(format!("{MAX_RECORDS} records can be saved at once")));
        }
        let session = session.ok_or_else(no_session)?;
        let items = items.iter().map(Item::read).collect::<Result<Vec<_>, _>>()?;
        let mut saved = Vec::with_capacity(items.len());
        for some in items.chunks(AT_ONCE) {
            saved.extend(
                futures::future::join_all(some.iter().map(|item| self.save_one(session, item))).await,
            );
        }
        raw(&saved)
    }

    async fn save_one(&self, session: &PdsSession, item: &Item) -> Value {
        // Whose repository it is follows from who calls. What a script sets may only name the same.
        if item.repo.as_ref().is_some_and(|repo| *repo != session.did()) {
            return json!({ "error": "records can be written to the repository of the caller only" });
        }
        let (collection, record) = (item.collection.clone(), item.record.clone());
        let rkey = item.replaces.as_ref().map(|(.., rkey)| rkey).or(item.rkey.as_ref());
        if let Some(invalid) = self.catalogue.refusal(&collection, rkey.map(RecordKey::as_str), &record) {
            return json!({ "error": format!("invalid record: {invalid}") });
        }
        let write = match &item.replaces {
            Some((.., rkey)) => RepoWrite::Put { collection, rkey: rkey.clone(), record },
            None => RepoWrite::Create { collection, rkey: item.rkey.clone(), record },
        };
        match self.records.write(session, &write).await {
            Ok(written) => match written.confirmed {
                Some(confirmed) => {
                    let cid = confirmed.cid.map(|cid| cid.to_string());
                    json!({ "uri": confirmed.uri.to_string(), "cid": cid })
                }
                None => {
                    let said =
                        String::from_utf8_lossy(&written.answer.body).chars().take(500).collect::<String>();
                    json!({ "error": format!("the PDS answered {}: {said}", written.answer.status) })
                }
            },
            Err(error) => json!({ "error": error.to_string(), "auth": is_over(&error) }),
        }
    }

    pub(super) async fn delete(&self, session: Option<&PdsSession>, arguments: &Arguments) -> Answer {
        let session = session.ok_or_else(no_session)?;
        let (did, collection, rkey) = name(arguments.text(0, "uri")?)?;
        if did != session.did() {
            return Err(HostError::new("records can be deleted from the repository of the caller only"));
        }
        let written = self.records.write(session, &RepoWrite::Delete { collection, rkey }).await;
        match written {
            Ok(written) if written.answer.status.is_success() => raw(&true),
            Ok(written) => Err(HostError::new(format!("the PDS answered {}", written.answer.status))),
            Err(error) if is_over(&error) => Err(HostError::auth(error.to_string())),
            Err(error) => Err(HostError::new(error.to_string())),
        }
    }

    pub(super) async fn load(&self, arguments: &Arguments) -> Answer {
        let uris = arguments.at(0).as_array().ok_or_else(|| HostError::new("uris must be an array"))?;
        if uris.len() > MAX_RECORDS {
            return Err(HostError::new(format!("{MAX_RECORDS} records can be loaded at once")));
        }
        let mut loaded = Vec::with_capacity(uris.len());
        for uri in uris {
            // What names no record names none that is here.
            let found = match uri.as_str().and_then(AtUri::record_name) {
                None => None,
                Some((did, collection, rkey)) => {
                    let found = self.records.get(&did, &collection, &rkey).await;
                    found.map_err(|error| HostError::new(error.to_string()))?
                }
            };
            loaded.push(match found {
                None => super::raw(&())?,
                Some(found) => {
                    let (uri, cid) = (Value::from(found.uri), Value::from(found.cid));
                    super::spliced(format!("{{\"uri\":{uri},\"cid\":{cid},\"record\":{}}}", found.json))?
                }
            });
        }
        raw(&loaded)
    }
}

impl Item {
    pub(super) fn read(item: &Value) -> Result<Self, HostError> {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        let wrong = |error: &dyn std::fmt::Display| HostError::new(error.to_string());
        let collection = text("collection").unwrap_or_default();
        let collection = Nsid::parse(collection).map_err(|error| wrong(&error))?;
        let mut record = item.get("record").and_then(Value::as_object).cloned().unwrap_or_default();
        record.insert("$type".to_owned(), collection.as_str().into());
        let replaces = text("uri").map(name).transpose()?;
        let rkey = text("rkey").map(RecordKey::parse).transpose().map_err(|error| wrong(&error))?;
        let repo = text("repo").map(Did::parse).transpose().map_err(|error| wrong(&error))?;
        Ok(Self { collection, record, replaces, rkey, repo })
    }
}

/// The parts of a record's AT URI.
pub(super) fn name(uri: &str) -> Result<RecordName, HostError> {
    AtUri::record_name(uri).ok_or_else(|| HostError::new(format!("{uri:?} must be at://DID/COLLECTION/RKEY")))
}

/// Whether the caller has to sign in again.
pub(super) fn is_over(error: &PdsError) -> bool {
    matches!(error, PdsError::NoSession | PdsError::Ended)
}

pub(super) fn no_session() -> HostError {
    HostError::auth(
        "this needs a procedure whose caller has a session with their PDS, or a job that was made with auth = true",
    )
}
