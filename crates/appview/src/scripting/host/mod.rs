//! The functions that scripts find in global tables, each in the words of spec/appview.md §5.

mod atproto;
mod db;
mod http;
mod offline;
mod raw;
mod record;

use std::any::Any;
use std::sync::Arc;

use ::atproto::data;
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
use super::views::scripts_database;
use crate::{AppviewParts, Catalogue, Error};
pub use offline::offline_engine;

/// Records of a collection from which on searching a field is worth an index.
const INDEX_FROM: i64 = 10_000;

/// Of the arguments of one call.
const MAX_ARGUMENT_BYTES: usize = 4 << 20;

/// All functions, by name.
const FUNCTIONS: &[&str] = &[
    "db.query",
    "db.get",
    "db.search",
    "db.count",
    "db.backlinks",
    "db.raw",
    "db.backend",
    "record.schema",
    "record.save",
    "record.delete",
    "record.load",
    "http.get",
    "http.head",
    "http.post",
    "http.put",
    "http.patch",
    "http.delete",
    "atproto.resolve_service_endpoint",
];

/// What those functions begin with that only look.
const LOOKS: [&str; 6] = ["db.", "record.schema", "record.load", "http.get", "http.head", "atproto."];

/// What scripts can do outside of their machine.
pub(crate) struct ScriptHost {
    find: Find,
    /// The tables of scripts.
    own: ScriptDb,
    catalogue: Catalogue,
    records: Records,
    resolver: Resolver,
    /// To public addresses only, whatever this server itself may reach.
    outbound: Outbound,
    events: EventLog,
}

/// The arguments of a call, in their order.
struct Arguments(Vec<Value>);

/// What a call comes to, as JSON.
type Answer = Result<Box<RawValue>, HostError>;

impl ScriptHost {
    pub(crate) async fn new(parts: &AppviewParts, catalogue: &Catalogue) -> Result<Self, Error> {
        Ok(Self {
            find: Find::new(&parts.store).with_search_indexes(INDEX_FROM),
            own: ScriptDb::open(scripts_database(parts.store.location.clone())).await?,
            catalogue: catalogue.clone(),
            records: parts.records.clone(),
            resolver: parts.resolver.clone(),
            outbound: parts.outbound.with_policy(Policy::public_only()).map_err(Error::Outbound)?,
            events: parts.events.clone(),
        })
    }

    async fn answer(
        &self,
        context: &Arc<dyn Any + Send + Sync>,
        function: &str,
        arguments: Arguments,
    ) -> Answer {
        if acting::is_dry(context) && !LOOKS.iter().any(|prefix| function.starts_with(prefix)) {
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
            "atproto.resolve_service_endpoint" => self.service_endpoint(&arguments).await,
            _ => match function.strip_prefix("http.") {
                Some(method) => self.request(method, &arguments).await,
                None => Err(HostError::new(format!("{function} is not there"))),
            },
        }
    }
}

impl Host for ScriptHost {
    fn functions(&self) -> &[&'static str] {
        FUNCTIONS
    }

    fn call<'a>(
        &'a self,
        context: &'a Arc<dyn Any + Send + Sync>,
        function: usize,
        arguments: &'a RawValue,
    ) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let name = FUNCTIONS.get(function).copied().unwrap_or_default();
            self.answer(context, name, Arguments::read(arguments)?).await
        })
    }

    fn log(&self, context: &Arc<dyn Any + Send + Sync>, message: &str) {
        let trigger = acting::trigger(context);
        tracing::debug!(script = trigger, message, "script log");
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
