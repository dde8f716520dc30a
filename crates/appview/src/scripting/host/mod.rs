//! The functions that scripts find in global tables, each in the words of spec/appview.md §5.

mod atproto;
mod attestation;
mod blob;
mod db;
mod functions;
mod http;
mod job;
mod jobs;
mod labels;
mod local;
mod offline;
mod raw;
mod record;
mod xrpc;

use std::any::Any;
use std::sync::Arc;

use ::atproto::data;
use ::jobs::Jobs;
use ::labels::Labels;
use accounts::Attestor;
use accounts::pds::PdsSessions;
use events::{Event, EventLog, kinds};
use find::Find;
use futures::future::BoxFuture;
use identity::Resolver;
use lua::{Host, HostError};
use outbound::{Outbound, Policy};
use records::Records;
use scriptdb::ScriptDb;
use serde_json::Value;
use serde_json::value::RawValue;

use super::acting;
use super::blobs::BlobMemory;
use super::views::scripts_database;
use crate::labelling::Labelling;
use crate::{AppviewParts, Catalogue, Error};
use functions::{BLOB_UPLOAD, Effect, NAMES, SIGN, function};
pub use offline::offline_engine;
pub(crate) use xrpc::Methods;

/// Records of a collection from which on searching a field is worth an index.
const INDEX_FROM: i64 = 10_000;

/// Of the arguments of one call.
const MAX_ARGUMENT_BYTES: usize = 4 << 20;

/// What scripts can do outside of their machine.
pub(crate) struct ScriptHost {
    find: Find,
    /// The tables of scripts.
    own: ScriptDb,
    catalogue: Catalogue,
    records: Records,
    labels: Labels,
    resolver: Resolver,
    /// To public addresses and what the operator lists, whatever this server itself may reach.
    outbound: Outbound,
    /// To the servers of the network, as this server itself reaches them.
    network: Outbound,
    blob_memory: BlobMemory,
    attestor: Option<Attestor>,
    methods: Methods,
    events: EventLog,
    jobs: Jobs,
    /// With which jobs may act that are to act for somebody.
    sessions: PdsSessions,
}

/// The arguments of a call, in their order.
struct Arguments(Vec<Value>);

/// What a call comes to, as JSON.
type Answer = Result<Box<RawValue>, HostError>;

impl ScriptHost {
    pub(crate) async fn new(
        parts: &AppviewParts,
        catalogue: &Catalogue,
        labelling: &Labelling,
        jobs: Jobs,
    ) -> Result<Self, Error> {
        let policy = Policy { allow_hosts: parts.script_http_hosts.clone(), ..Policy::public_only() };
        let (state, domains) = (&parts.store.state, &parts.accounts.domains);
        Ok(Self {
            find: Find::new(&parts.store).with_search_indexes(INDEX_FROM),
            own: ScriptDb::open(scripts_database(parts.store.location.clone())).await?,
            catalogue: catalogue.clone(),
            records: parts.records.clone(),
            labels: labelling.labels.clone(),
            resolver: parts.resolver.clone(),
            outbound: parts.outbound.with_policy(policy).map_err(Error::Outbound)?,
            network: parts.outbound.clone(),
            blob_memory: BlobMemory::new(),
            attestor: Attestor::open(state, &parts.vault, domains, parts.attestation.clone()).await?,
            methods: Methods::default(),
            events: parts.events.clone(),
            jobs,
            sessions: parts.accounts.pds_sessions.clone(),
        })
    }

    async fn answer(
        &self,
        context: &Arc<dyn Any + Send + Sync>,
        (function, effect): (&str, Effect),
        arguments: Arguments,
    ) -> Answer {
        if acting::is_dry(context) && effect == Effect::Acts {
            return Err(HostError::new(format!("{function} would have effects, which a test has not")));
        }
        match function {
            "db.query" => self.query(&arguments).await,
            "db.get" => self.get(&arguments).await,
            "db.search" => self.search(&arguments).await,
            "db.count" => self.count(&arguments).await,
            "db.backlinks" => self.backlinks(&arguments).await,
            "db.raw" => self.raw(context, &arguments).await,
            "db.backend" => raw(&self.own.backend()),
            "record.schema" => self.schema(&arguments),
            "record.save" => self.save(acting::session(context), &arguments).await,
            "record.delete" => self.delete(acting::session(context), &arguments).await,
            "record.load" => self.load(&arguments).await,
            "atproto.get_labels" => self.get_labels(&arguments).await,
            "atproto.get_labels_batch" => self.get_labels_batch(&arguments).await,
            "record.save_local" => self.save_local(context, &arguments).await,
            "record.delete_local" => self.delete_local(context, &arguments).await,
            "atproto.resolve_service_endpoint" => self.service_endpoint(&arguments).await,
            "jobs.create" => self.create_job(acting::acting(context), &arguments).await,
            "job.progress" | "job.should_stop" | "job.wait" => {
                job::answer(acting::job(context), function, &arguments).await
            }
            "atproto.blob_download" => self.blob_download(context, &arguments).await,
            BLOB_UPLOAD => self.blob_upload(context, acting::session(context), &arguments).await,
            SIGN => self.sign(context, &arguments),
            "atproto.verify_signature" => self.verify_signature(&arguments).await,
            "xrpc.query" => self.call_query(context, &arguments).await,
            "xrpc.procedure" => self.call_procedure(context, &arguments).await,
            _ if function.starts_with("atproto.spaces.") => {
                Err(HostError::new("spaces feature is not enabled"))
            }
            _ => match function.strip_prefix("http.") {
                Some(method) => self.request(method, &arguments).await,
                None => Err(HostError::new(format!("{function} is not there"))),
            },
        }
    }
}

impl Host for ScriptHost {
    fn functions(&self) -> &[&'static str] {
        NAMES
    }

    fn offers(&self, context: &Arc<dyn Any + Send + Sync>, number: usize) -> bool {
        match function(number).0 {
            SIGN => self.attestor.is_some(),
            name => !name.starts_with("job.") || acting::job(context).is_some(),
        }
    }

    fn call<'a>(
        &'a self,
        context: &'a Arc<dyn Any + Send + Sync>,
        number: usize,
        arguments: &'a RawValue,
    ) -> BoxFuture<'a, Answer> {
        Box::pin(async move { self.answer(context, function(number), Arguments::read(arguments)?).await })
    }

    fn log(&self, context: &Arc<dyn Any + Send + Sync>, message: &str) {
        let trigger = acting::trigger(context);
        tracing::debug!(script = trigger, message, "script log");
        if acting::is_dry(context) || acting::job(context).is_some_and(|job| !job.log(message)) {
            return;
        }
        let detail = serde_json::json!({ "message": message });
        self.events.record(Event::new(kinds::SCRIPT_LOG).subject(trigger).detail(detail));
    }
}

impl Arguments {
    /// What a script passes is as little to be trusted as what a stranger sends.
    fn read(arguments: &RawValue) -> Result<Self, HostError> {
        let wrapped = format!("{{\"arguments\":{arguments}}}");
        let limits = data::Limits { bytes: MAX_ARGUMENT_BYTES, ..data::Limits::default() };
        let mut read =
            data::parse(wrapped.as_bytes(), &limits).map_err(|error| HostError::new(error.to_string()))?;
        match read.get_mut("arguments").map(Value::take) {
            Some(Value::Array(arguments)) => Ok(Self(arguments)),
            _ => Ok(Self(Vec::new())),
        }
    }

    /// The one at this place; null if there is none.
    fn at(&self, number: usize) -> &Value {
        self.0.get(number).unwrap_or(&Value::Null)
    }

    /// The text at this place.
    fn text(&self, number: usize, name: &str) -> Result<&str, HostError> {
        self.at(number).as_str().ok_or_else(|| HostError::new(format!("{name} must be a string")))
    }

    /// The same, or nothing.
    fn optional_text(&self, number: usize, name: &str) -> Result<Option<&str>, HostError> {
        if self.at(number).is_null() { Ok(None) } else { self.text(number, name).map(Some) }
    }
}

/// As JSON.
fn raw(value: &impl serde::Serialize) -> Answer {
    serde_json::value::to_raw_value(value).map_err(|error| HostError::new(error.to_string()))
}

/// What is JSON already.
fn spliced(json: String) -> Answer {
    RawValue::from_string(json).map_err(|error| HostError::new(error.to_string()))
}
