//! Records that are only here, and what is here in the place of others' records (spec/appview.md §5.8).

use std::any::Any;
use std::sync::Arc;

use atproto::{Did, RecordKey};
use lua::HostError;
use records::LocalRecord;
use serde_json::{Value, json};

use super::record::{Item, name};
use super::{Answer, Arguments, ScriptHost, raw};
use crate::scripting::acting;

impl ScriptHost {
    /// A script acts here for the operator, so it may name any repository.
    pub(super) async fn save_local(
        &self,
        context: &Arc<dyn Any + Send + Sync>,
        arguments: &Arguments,
    ) -> Answer {
        let Item { collection, record, replaces, rkey, repo } = Item::read(arguments.at(0))?;
        let (did, rkey) = match replaces {
            Some((_, there, _)) if there != collection => {
                return Err(HostError::new(format!("a record of {there} cannot become one of {collection}")));
            }
            Some((did, _, rkey)) => (did, rkey),
            None => (whose(context, repo)?, rkey.ok_or_else(|| HostError::new("the record has no key"))?),
        };
        if let Some(invalid) = self.catalogue.refusal(&collection, Some(rkey.as_str()), &record) {
            return Err(HostError::new(format!("invalid record: {invalid}")));
        }
        let fresh = arguments.at(0).get("fresh").and_then(Value::as_u64);
        let local = LocalRecord {
            did: did.clone(),
            collection: collection.clone(),
            rkey,
            json: Value::Object(record).to_string(),
            by: decider(context),
            // A record script may run again for the same event, and is to make the same records then.
            effect: acting::record(context)
                .zip(fresh)
                .map(|(run, number)| format!("{} {number}", run.event_id)),
        };
        let rkey: RecordKey =
            self.records.save_local(local).await.map_err(|error| HostError::new(error.to_string()))?;
        raw(&json!({ "uri": format!("at://{did}/{collection}/{rkey}") }))
    }

    pub(super) async fn delete_local(
        &self,
        context: &Arc<dyn Any + Send + Sync>,
        arguments: &Arguments,
    ) -> Answer {
        let (did, collection, rkey) = name(arguments.text(0, "uri")?)?;
        let deleted = self.records.delete(&did, &collection, &rkey, &decider(context)).await;
        raw(&deleted.map_err(|error| HostError::new(error.to_string()))?)
    }
}

fn whose(context: &Arc<dyn Any + Send + Sync>, repo: Option<Did>) -> Result<Did, HostError> {
    repo.or_else(|| acting::repo(context).cloned()).ok_or_else(|| {
        HostError::new("nobody has called, so it is to be said whose the record is: set_repo(did)")
    })
}

/// Who decides, as it is kept with the decision.
fn decider(context: &Arc<dyn Any + Send + Sync>) -> String {
    format!("script {}", acting::trigger(context))
}
