//! What the script of a job finds in its global variables (spec/appview.md §5.2).

use jobs::Job;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

/// `job` without its functions, `caller_did` and `env`.
pub(super) fn globals(job: &Job, variables: Box<RawValue>) -> Vec<(&'static str, Box<RawValue>)> {
    let id = Value::from(job.id.as_str());
    // A job without input has none, rather than JSON's null, which a script takes for something.
    let job_table = match job.input.as_str() {
        "null" => format!("{{\"id\":{id}}}"),
        input => format!("{{\"id\":{id},\"input\":{input}}}"),
    };
    let null = || RawValue::NULL.to_owned();
    vec![
        ("job", RawValue::from_string(job_table).unwrap_or_else(|_| null())),
        ("caller_did", to_raw_value(job.created_by.as_str()).unwrap_or_else(|_| null())),
        ("env", variables),
    ]
}
