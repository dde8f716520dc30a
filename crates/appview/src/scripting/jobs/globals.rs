//! What the script of a job finds in its global variables (spec/appview.md §5.2).

use std::sync::Arc;

use jobs::Job;
use lua::Global;
use serde_json::Value;
use serde_json::value::RawValue;

/// `job` without its functions, `caller_did` and `env`.
pub(super) fn globals(job: &Job, variables: Arc<RawValue>) -> Vec<(&'static str, Global)> {
    let id = Value::from(job.id.as_str());
    // A job without input has none, rather than JSON's null, which a script takes for something.
    let job_table = match job.input.as_str() {
        "null" => format!("{{\"id\":{id}}}"),
        input => format!("{{\"id\":{id},\"input\":{input}}}"),
    };
    let job_table = RawValue::from_string(job_table).unwrap_or_else(|_| RawValue::NULL.to_owned());
    vec![
        ("job", job_table.into()),
        ("caller_did", Global::text(job.created_by.as_str())),
        ("env", variables.into()),
    ]
}
