//! `xrpc`: methods of this server, and through it of others (spec/appview.md §5.9).

use std::any::Any;
use std::sync::{Arc, OnceLock, Weak};

use lua::HostError;
use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use super::super::acting;
use super::{Answer, Arguments, ScriptHost, raw};
use crate::xrpc::Xrpc;

/// Of the parameters of one call, as they stand in a URL.
const MAX_QUERY_BYTES: usize = 16 << 10;

/// The methods of this server. They are made of scripts, among others, so scripts are told of them when both are there.
#[derive(Clone, Default)]
pub(crate) struct Methods(Arc<OnceLock<Weak<Xrpc>>>);

impl Methods {
    /// Tells them once.
    pub(crate) fn are(&self, xrpc: &Arc<Xrpc>) {
        self.0.get_or_init(|| Arc::downgrade(xrpc));
    }

    fn get(&self) -> Result<Arc<Xrpc>, HostError> {
        let there = self.0.get().and_then(Weak::upgrade);
        there.ok_or_else(|| HostError::new("the server is starting or stopping"))
    }
}

impl ScriptHost {
    /// To be told the methods of this server.
    pub(crate) fn methods(&self) -> Methods {
        self.methods.clone()
    }

    /// `method, params?`
    pub(super) async fn call_query(
        &self,
        context: &Arc<dyn Any + Send + Sync>,
        arguments: &Arguments,
    ) -> Answer {
        let (xrpc, reach) = (self.methods.get()?, acting::reach(context)?);
        let (method, query) = (arguments.text(0, "method")?, query_string(arguments.at(1))?);
        let answered = xrpc.query_inside(method, &query, &reach.party, &reach.chain).await?;
        raw(&json!({ "status": answered.status, "body": answered.body }))
    }

    /// `method, input, params?`
    pub(super) async fn call_procedure(
        &self,
        context: &Arc<dyn Any + Send + Sync>,
        arguments: &Arguments,
    ) -> Answer {
        let (xrpc, reach) = (self.methods.get()?, acting::reach(context)?);
        let (method, query) = (arguments.text(0, "method")?, query_string(arguments.at(2))?);
        let input = arguments.at(1);
        let answered = xrpc.procedure_inside(method, &query, input, &reach.party, &reach.chain).await?;
        raw(&json!({ "status": answered.status, "body": answered.body }))
    }
}

/// Parameters as they stand in a URL, to be read there like anybody's: an array is a repeated key.
fn query_string(params: &Value) -> Result<String, HostError> {
    let nothing = Map::new();
    let params = match params {
        Value::Object(params) => params,
        Value::Null => &nothing,
        Value::Array(items) if items.is_empty() => &nothing,
        _ => return Err(HostError::new("params must be a table of names and values")),
    };
    let mut query = Serializer::new(String::new());
    for (name, value) in params {
        match value {
            Value::Array(items) => {
                for item in items {
                    query.append_pair(name, &text(name, item)?);
                }
            }
            Value::Null => {}
            // A table without anything in it.
            Value::Object(fields) if fields.is_empty() => {}
            value => drop(query.append_pair(name, &text(name, value)?)),
        }
    }
    let query = query.finish();
    if query.len() > MAX_QUERY_BYTES {
        return Err(HostError::new(format!("params have {MAX_QUERY_BYTES} bytes at most")));
    }
    Ok(query)
}

fn text(name: &str, value: &Value) -> Result<String, HostError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        _ => Err(HostError::new(format!(
            "params.{name} must be a string, a number, a boolean, or an array of them"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_those_of_a_url() {
        let query = |params: Value| query_string(&params).unwrap();
        let params =
            json!({ "a": "x&y", "b": [1, true, "é"], "c": -5, "d": 0.5, "e": null, "f": [], "g": {} });
        assert_eq!(query(params), "a=x%26y&b=1&b=true&b=%C3%A9&c=-5&d=0.5");
        for nothing in [json!(null), json!({}), json!([])] {
            assert_eq!(query(nothing), "");
        }
        for wrong in [
            json!("a=b"),
            json!([1]),
            json!({ "a": { "b": 1 } }),
            json!({ "a": [[1]] }),
            json!({ "a": [null] }),
            json!({ "a": "x".repeat(MAX_QUERY_BYTES) }),
        ] {
            assert!(query_string(&wrong).is_err(), "{}", &wrong.to_string()[..9]);
        }
    }
}
