//! `jobs`: work for later (spec/appview.md §5.11).

use atproto::Did;
use clock::now_micros;
use jobs::{JobError, JobType, NewJob};
use lua::HostError;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Answer, Arguments, ScriptHost, raw};
use crate::scripting::Acting;
use accounts::pds::PdsError;

const OPTIONS: [&str; 5] = ["auth", "delay", "run_at", "attempts", "key"];

/// The longest delay, in seconds: a year.
const MAX_DELAY: f64 = 31_536_000.0;

const MAX_ATTEMPTS: u64 = 100;

impl ScriptHost {
    /// Makes a job in the name of whoever the script acts for; its id.
    pub(super) async fn create_job(&self, acting: Option<&Acting>, arguments: &Arguments) -> Answer {
        let acting = acting.ok_or_else(|| nobody("scripts of records and labels act for nobody"))?;
        let caller = acting.caller.as_ref();
        let caller = caller.ok_or_else(|| nobody("this one is anonymous; look at caller_did first"))?;
        let mut new = read(arguments, caller)?;
        if new.auth {
            new.session = self.session_for_later(acting, caller).await?;
        }
        let job = self.jobs.create(new).await.map_err(|error| match error {
            JobError::Store(error) => {
                tracing::warn!(%error, "a script's job cannot be stored");
                HostError::new("the job cannot be stored at the moment")
            }
            error => HostError::new(error.to_string()),
        });
        raw(&job?.id)
    }

    /// The session that a job may use which is made now: the caller's own, not that of an account which is shared with them,
    /// and of a job only the one it has itself.
    async fn session_for_later(&self, acting: &Acting, caller: &Did) -> Result<Option<String>, HostError> {
        if let Some(session) = acting.session.as_ref().filter(|session| session.did() == *caller) {
            return Ok(Some(session.id().to_string()));
        }
        let Some(principal) = acting.principal() else { return Ok(None) };
        match self.sessions.of(principal).await {
            Ok(session) => Ok(Some(session.id().to_string())),
            Err(PdsError::NoSession) => Ok(None),
            Err(error) => Err(HostError::new(error.to_string())),
        }
    }
}

fn nobody(why: &str) -> HostError {
    HostError::new(format!("jobs.create needs a caller in whose name the job runs: {why}"))
}

fn read(arguments: &Arguments, caller: &Did) -> Result<NewJob, HostError> {
    let job_type: JobType =
        arguments.text(0, "type")?.parse().map_err(|error: JobError| HostError::new(error.to_string()))?;
    let new = NewJob::new(job_type, arguments.at(1).to_string(), caller.clone());
    match arguments.at(2) {
        Value::Null => Ok(new),
        Value::Object(options) => with_options(new, options),
        // A table without anything in it may be either.
        Value::Array(none) if none.is_empty() => Ok(new),
        _ => Err(HostError::new("options must be a table, such as { auth = true }")),
    }
}

fn with_options(new: NewJob, options: &Map<String, Value>) -> Result<NewJob, HostError> {
    if let Some(unknown) = options.keys().find(|key| !OPTIONS.contains(&key.as_str())) {
        let known = OPTIONS.join(", ");
        return Err(HostError::new(format!("jobs.create has no option {unknown:?}; there are: {known}")));
    }
    let wrong = |name: &str, expected: &str| HostError::new(format!("{name} must be {expected}"));
    let mut new = new;
    if let Some(auth) = options.get("auth") {
        new.auth = auth.as_bool().ok_or_else(|| wrong("auth", "true or false"))?;
    }
    if let Some(attempts) = options.get("attempts") {
        let attempts = attempts.as_u64().filter(|number| (1..=MAX_ATTEMPTS).contains(number));
        let attempts = attempts.and_then(|number| u32::try_from(number).ok());
        new.max_attempts = attempts.ok_or_else(|| wrong("attempts", "a whole number from 1 to 100"))?;
    }
    if let Some(key) = options.get("key") {
        new.key = Some(key.as_str().ok_or_else(|| wrong("key", "a string"))?.to_owned());
    }
    new.run_at = match (options.get("delay"), options.get("run_at")) {
        (None, None) => None,
        (Some(delay), None) => Some(
            after(delay).ok_or_else(|| wrong("delay", "a number of seconds from 0 to 31536000, a year"))?,
        ),
        (None, Some(at)) => {
            Some(moment(at).ok_or_else(|| wrong("run_at", "a time such as 2026-01-31T12:00:00Z"))?)
        }
        (Some(_), Some(_)) => return Err(HostError::new("give either delay or run_at")),
    };
    Ok(new)
}

fn after(delay: &Value) -> Option<i64> {
    let seconds = delay.as_f64().filter(|seconds| (0.0..=MAX_DELAY).contains(seconds))?;
    Some(now_micros().saturating_add(clock::micros(std::time::Duration::from_secs_f64(seconds))))
}

fn moment(at: &Value) -> Option<i64> {
    let at = OffsetDateTime::parse(at.as_str()?, &Rfc3339).ok()?;
    i64::try_from(at.unix_timestamp_nanos() / 1000).ok()
}
