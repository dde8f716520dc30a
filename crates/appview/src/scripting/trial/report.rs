//! What a script that was tried has done.

use lua::{Observed, Program, Returned, ScriptError};
use scripts::{On, Trigger};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// What the script did.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ScriptTestResult)]
pub struct Report {
    /// What `handle` returned; null for nil.
    #[schema(value_type = Option<Object>, required)]
    pub result: Option<Box<RawValue>>,
    /// Of a record: `store`, `replace`, `leave out`, `delete` or `keep`; of a label: `store`, `replace` or `leave out`. That is what
    /// would become of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<&'static str>,
    /// The AT URI of the record it was tried on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub uri: Option<String>,
    /// The record it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, nullable = false)]
    pub record: Option<Box<RawValue>>,
    /// What went wrong, if something did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<String>,
    /// The line of the script where.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub line: Option<u32>,
    /// What stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub source_line: Option<String>,
    /// What it passed to `log`.
    pub log: Vec<String>,
    /// Of the Lua machine.
    pub instructions: u64,
    /// The script's own time, in microseconds.
    pub elapsed_us: u64,
    /// The most that the machine held.
    pub memory_bytes: u64,
}

impl Report {
    /// Of a run of `program`; `action` is what happens to the record, if it is one.
    pub(super) fn new(
        trigger: &Trigger,
        action: Option<On>,
        program: &Program,
        observed: Observed,
        (uri, record): (Option<String>, Option<Box<RawValue>>),
    ) -> Self {
        let Observed { returned, stats, log } = observed;
        let error = returned.as_ref().err();
        let line = error.and_then(ScriptError::line);
        let text = line.and_then(|line| program.source().lines().nth(line.checked_sub(1)? as usize));
        Self {
            outcome: returned.as_ref().ok().and_then(|returned| outcome(trigger, action, returned)),
            uri,
            record,
            error: error.map(ToString::to_string),
            line,
            source_line: text.map(|text| text.trim().to_owned()),
            log,
            instructions: stats.instructions,
            elapsed_us: u64::try_from(stats.elapsed.as_micros()).unwrap_or(u64::MAX),
            memory_bytes: stats.memory_peak as u64,
            result: match returned {
                Ok(Returned::Table(json) | Returned::Other(json)) => Some(json),
                Ok(Returned::Nil) | Err(_) => None,
            },
        }
    }
}

/// What would become of the record or label (spec/appview.md §5.2, §5.3).
fn outcome(trigger: &Trigger, action: Option<On>, returned: &Returned) -> Option<&'static str> {
    let is_of_label = matches!(trigger, Trigger::Label(_) | Trigger::ActorLabel);
    Some(match (action, returned) {
        (Some(On::Delete), Returned::Nil) => "keep",
        (Some(On::Delete), _) => "delete",
        (None, _) if !is_of_label => return None,
        (_, Returned::Nil) => "leave out",
        (_, Returned::Table(json)) if json.get().starts_with('{') => "replace",
        (_, Returned::Table(_) | Returned::Other(_)) => "store",
    })
}
