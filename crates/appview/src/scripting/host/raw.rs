//! `db.raw`: SQL on the tables that scripts own (spec/appview.md §5.7).

use std::any::Any;
use std::sync::Arc;

use lua::HostError;
use scriptdb::{EffectKey, Param};
use serde_json::Value;

use super::{Answer, Arguments, ScriptHost, acting, spliced};

impl ScriptHost {
    /// What a script does for an event happens once, however often it is run for it; a trial only reads.
    pub(super) async fn raw(&self, context: &Arc<dyn Any + Send + Sync>, arguments: &Arguments) -> Answer {
        let sql = arguments.text(0, "sql")?;
        let params = params(arguments.at(1))?;
        let rows = if acting::is_dry(context) {
            self.own.look(sql, &params).await
        } else if let Some(record) = acting::record(context) {
            let number = record.repetition(format!("{sql}{params:?}"));
            let key = EffectKey { source: record.event_id.clone(), attempt: record.attempt, number };
            self.own.raw_once(&key, sql, &params).await
        } else {
            self.own.raw(sql, &params).await
        };
        spliced(rows.map_err(|error| HostError::new(error.to_string()))?.into_string())
    }
}

fn params(given: &Value) -> Result<Vec<Param>, HostError> {
    let given = match given {
        Value::Null => return Ok(Vec::new()),
        Value::Array(given) => given,
        _ => return Err(HostError::new("params must be an array")),
    };
    given.iter().enumerate().map(|(at, value)| param(at, value)).collect()
}

fn param(at: usize, value: &Value) -> Result<Param, HostError> {
    let wrong =
        || HostError::new(format!("parameter {} must be a string, a number, a boolean or nil", at + 1));
    match value {
        Value::Null => Ok(Param::Null),
        Value::Bool(value) => Ok((*value).into()),
        Value::String(value) => Ok(value.as_str().into()),
        Value::Number(number) => {
            let whole = number.as_i64().map(Param::from);
            whole.or_else(|| number.as_f64().map(Param::from)).ok_or_else(wrong)
        }
        Value::Array(_) | Value::Object(_) => Err(wrong()),
    }
}
