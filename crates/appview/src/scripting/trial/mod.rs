//! Trying a script, for the admin API and for commands: with what it would be given, and without effects.

mod attempt;
mod report;

use std::any::Any;
use std::sync::Arc;

use accounts::Settings;
use atproto::{AtUri, Did, Nsid};
use lua::{Global, Limits, Program, Run};
use records::{ListQuery, Records};
use scripts::{Library, NewScript, On, RecordInput, Trigger};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::acting::Trying;
use super::call::{Call, raw};
use super::{Acting, Chain, Reach, limits};
use crate::Catalogue;
use crate::xrpc::Party;
pub use attempt::Attempt;
pub use report::Report;

/// Why a script was not tried. The text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// It cannot be compiled, or the database failed.
    #[error(transparent)]
    Scripts(#[from] scripts::Error),
    /// The record index failed.
    #[error(transparent)]
    Records(#[from] records::Error),
    /// There is no script of this trigger, and no source was given.
    #[error("there is no script {0}")]
    NoScript(String),
    /// The record is not here.
    #[error("record not found: {0}")]
    NoRecord(String),
    /// What it is to be tried on cannot be.
    #[error("{0}")]
    Invalid(String),
}

/// What it takes to try scripts. Cheap to clone.
#[derive(Clone)]
pub struct Trials {
    pub(super) library: Library,
    pub(super) catalogue: Catalogue,
    pub(super) records: Records,
    pub(super) settings: Settings,
}

/// A script's globals, and what becomes of which record.
struct Prepared {
    globals: Vec<(&'static str, Global)>,
    action: Option<On>,
    uri: Option<String>,
    record: Option<Box<RawValue>>,
}

impl Trials {
    /// Runs a script once. What it does beyond looking is refused.
    pub async fn test(&self, id: &str, attempt: Attempt) -> Result<Report, TrialError> {
        let context = Arc::new(Trying { trigger: id.to_owned(), reach: Reach::of_trial() });
        self.run_once(id, attempt, context).await
    }

    /// Runs the script of a query, procedure or job once, with its effects, for nobody: it has no session to write records with.
    pub async fn run(&self, id: &str, attempt: Attempt) -> Result<Report, TrialError> {
        if !matches!(
            id.parse().map_err(scripts::Error::from)?,
            Trigger::Query(_) | Trigger::Procedure(_) | Trigger::Job(_)
        ) {
            let only = "only scripts of queries, procedures and jobs can be run; those of records and labels can be tested";
            return Err(TrialError::Invalid(only.to_owned()));
        }
        let context = Arc::new(Acting {
            trigger: id.to_owned(),
            caller: None,
            session: None,
            delegate: None,
            job: None,
            reach: Reach::of_event(),
        });
        self.run_once(id, attempt, context).await
    }

    async fn run_once(
        &self,
        id: &str,
        mut attempt: Attempt,
        context: Arc<dyn Any + Send + Sync>,
    ) -> Result<Report, TrialError> {
        let scripts = self.library.scripts();
        let body = match attempt.body.take() {
            Some(body) => body,
            None => scripts.get(id).await?.ok_or_else(|| TrialError::NoScript(id.to_owned()))?.body,
        };
        let new = NewScript { id: id.to_owned(), script_type: "lua".to_owned(), body, description: None };
        let (trigger, program) = scripts.check(&new).await?;
        let prepared = self.prepare(&trigger, &program, &attempt).await?;
        let Prepared { globals, action, uri, record } = prepared;
        let run = Run { globals, limits: limits(&self.settings), context, depth: 0 };
        let observed = scripts.engine().observe(&program, run).await;
        Ok(Report::new(&trigger, action, &program, observed, (uri, record)))
    }

    async fn prepare(
        &self,
        trigger: &Trigger,
        program: &Program,
        attempt: &Attempt,
    ) -> Result<Prepared, TrialError> {
        let globals = match trigger {
            Trigger::Record(on, collection) => {
                return self.of_record(trigger, *on, collection, attempt).await;
            }
            Trigger::Query(nsid) => self.call(trigger, program, nsid, attempt, None)?,
            Trigger::Procedure(nsid) => {
                self.call(trigger, program, nsid, attempt, Some(attempt.object("input")))?
            }
            Trigger::Label(_) | Trigger::ActorLabel => {
                let event = Value::from(attempt.event.clone());
                let field = |name: &'static str| (name, raw(&event[name]).into());
                let mut globals = Vec::from(["src", "uri", "val", "neg", "cts", "exp"].map(field));
                globals.extend([("event", raw(&event).into()), ("env", self.library.variables().into())]);
                globals
            }
            Trigger::Job(_) => {
                let (input, progress) = (attempt.object("input"), attempt.value("progress"));
                let job = json!({ "id": "test", "input": input, "progress": progress });
                let caller = raw(&attempt.value("caller_did"));
                vec![
                    ("job", raw(&job).into()),
                    ("caller_did", caller.into()),
                    ("env", self.library.variables().into()),
                ]
            }
        };
        Ok(Prepared { globals, action: None, uri: None, record: None })
    }

    fn call(
        &self,
        trigger: &Trigger,
        program: &Program,
        nsid: &Nsid,
        attempt: &Attempt,
        input: Option<Value>,
    ) -> Result<Vec<(&'static str, Global)>, TrialError> {
        let did = |name| {
            let did = attempt.text(name)?.map(Did::parse).transpose();
            did.map_err(|error| TrialError::Invalid(format!("{name}: {error}")))
        };
        let lexicon = self.catalogue.find(nsid.as_str());
        let target = lexicon.as_ref().and_then(|lexicon| lexicon.target_collection());
        let call = Call {
            trigger: trigger.clone(),
            program: program.clone(),
            method: nsid.to_string(),
            collection: target.map(Nsid::to_string).unwrap_or_default(),
            params: attempt.object("params"),
            input,
            caller: did("caller_did")?,
            party: Party::nobody(),
            chain: Chain::of_event(true),
            delegate: did("delegate_did")?,
            session: None,
        };
        Ok(call.globals(&self.library))
    }

    async fn of_record(
        &self,
        trigger: &Trigger,
        on: On,
        of: &Nsid,
        attempt: &Attempt,
    ) -> Result<Prepared, TrialError> {
        let action = match (attempt.action.as_deref().or(attempt.text("action")?), on) {
            (None, On::Index) | (Some("update"), _) => On::Update,
            (Some("create"), _) => On::Create,
            (Some("delete"), _) => On::Delete,
            (None, on) => on,
            (Some(_), _) => {
                return Err(TrialError::Invalid("action must be create, update or delete".to_owned()));
            }
        };
        let uri = match attempt.uri.as_deref().or(attempt.text("uri")?) {
            Some(uri) => uri.to_owned(),
            None => self.newest(of).await?,
        };
        let (did, collection, rkey) = AtUri::record_name(&uri)
            .ok_or_else(|| TrialError::Invalid("uri must be at://DID/COLLECTION/RKEY".to_owned()))?;
        let record = match attempt.event.get("record") {
            Some(record) => record.to_string(),
            None => {
                let found = self.records.get(&did, &collection, &rkey).await?;
                found.ok_or_else(|| TrialError::NoRecord(uri.clone()))?.json
            }
        };
        let event_id = format!("{uri}#test");
        let given = RawValue::from_string(record.clone()).ok();
        let input = RecordInput { action, did, collection, rkey, event_id, cid: None, record: Some(record) };
        let Run { globals, .. } =
            input.run(&trigger.to_string(), self.library.variables(), Limits::default(), 0);
        Ok(Prepared { globals, action: Some(action), uri: Some(uri), record: given })
    }

    async fn newest(&self, collection: &Nsid) -> Result<String, TrialError> {
        let query = ListQuery { collection: collection.clone(), did: None, limit: 1, after: None };
        let newest = self.records.list(query).await?.records.pop();
        newest.map(|record| record.uri).ok_or_else(|| {
            TrialError::NoRecord(format!("none of {collection} is here; give a uri and a record"))
        })
    }
}
