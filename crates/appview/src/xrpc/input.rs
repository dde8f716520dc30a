//! The body of a procedure.

use atproto::data::{self, DataError, Limits};
use atproto::lexicon::{Data, Invalid};
use atproto::{AtUri, Did, Nsid, RecordKey};
use http::StatusCode;
use serde_json::{Map, Value};
use server::Problem;

use super::arguments::invalid;
use crate::catalogue::LoadedLexicon;
use crate::{Catalogue, Validation};

/// What a script may be sent: as much as the shell lets through.
const SCRIPT_LIMITS: Limits = Limits { bytes: 2 << 20, depth: Limits::MAX_DEPTH };

/// Of a default procedure: a record, and beside it what is said about the call.
#[derive(Debug, PartialEq)]
pub(super) struct Input {
    fields: Map<String, Value>,
    uri: Option<String>,
    /// The account to write for, in place of the caller's own.
    pub(super) delegate: Option<Did>,
}

impl Input {
    pub(super) fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = object(body, &Limits::default())?;
        let uri = take_text(&mut fields, "uri")?;
        let delegate = delegate(&mut fields)?;
        fields.remove("shouldPublish");
        Ok(Self { fields, uri, delegate })
    }

    /// Compares the body with the lexicon's `input`, if the lexicon is taken strictly. What is said about the call beside it
    /// is this server's own, and neither missed nor looked at, unless the lexicon declares it.
    pub(super) fn check(&self, catalogue: &Catalogue, lexicon: &LoadedLexicon) -> Result<(), Problem> {
        if lexicon.validation() == Validation::Off {
            return Ok(());
        }
        let mut fields = self.fields.clone();
        if let Some(uri) = &self.uri {
            fields.insert("uri".to_owned(), uri.as_str().into());
        }
        check(&Value::Object(fields), catalogue, lexicon)
    }

    /// Whether the call is about a record that is there already.
    pub(super) fn has_uri(&self) -> bool {
        self.uri.is_some()
    }

    /// The key in `uri`. Nothing else of it counts: not the account, which is the caller's whatever it says, and not the
    /// collection, which is the lexicon's.
    pub(super) fn rkey(&self) -> Result<RecordKey, Problem> {
        let uri = self.uri.as_deref().ok_or_else(|| Problem::bad_request("uri is required"))?;
        let uri = AtUri::parse(uri).map_err(|error| Problem::bad_request(format!("uri: {error}")))?;
        let no_record = || Problem::bad_request("uri must name a record: at://DID/COLLECTION/RKEY");
        uri.rkey().cloned().ok_or_else(no_record)
    }

    /// What is left is the record.
    pub(super) fn into_record(self, collection: &Nsid) -> Map<String, Value> {
        let mut record = self.fields;
        record.insert("$type".to_owned(), collection.as_str().into());
        record
    }
}

/// Of a procedure that a script carries out.
#[derive(Debug, PartialEq)]
pub(super) struct ScriptInput {
    /// What was sent, but `delegateDid`.
    fields: Map<String, Value>,
    /// The account to write for, in place of the caller's own.
    pub(super) delegate: Option<Did>,
}

impl ScriptInput {
    pub(super) fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = object(body, &SCRIPT_LIMITS)?;
        let delegate = delegate(&mut fields)?;
        Ok(Self { fields, delegate })
    }

    /// As [`Input::check`].
    pub(super) fn check(&self, catalogue: &Catalogue, lexicon: &LoadedLexicon) -> Result<(), Problem> {
        if lexicon.validation() == Validation::Off {
            return Ok(());
        }
        let mut fields = self.fields.clone();
        if fields.get("uri").is_some_and(Value::is_null) {
            fields.remove("uri");
        }
        fields.remove("shouldPublish");
        check(&Value::Object(fields), catalogue, lexicon)
    }

    /// As the script sees it.
    pub(super) fn into_value(self) -> Value {
        Value::Object(self.fields)
    }
}

fn object(body: &[u8], limits: &Limits) -> Result<Map<String, Value>, Problem> {
    match data::parse(body, limits).map_err(|error| refused(&error))? {
        Value::Object(fields) => Ok(fields),
        _ => Err(refused(&DataError::NotAnObject)),
    }
}

fn delegate(fields: &mut Map<String, Value>) -> Result<Option<Did>, Problem> {
    let delegate = take_text(fields, "delegateDid")?.map(|did| Did::parse(&did)).transpose();
    delegate.map_err(|error| Problem::bad_request(format!("delegateDid: {error}")))
}

/// Compares a body with the lexicon's `input`.
fn check(body: &Value, catalogue: &Catalogue, lexicon: &LoadedLexicon) -> Result<(), Problem> {
    let compiled = lexicon.lexicon().compiled();
    let checked = Data::of_value(body).map_err(|problem| Invalid { path: "/".to_owned(), problem });
    let checked = checked.and_then(|body| compiled.check_input(&catalogue.known(), None, Some(&body)));
    checked.map(drop).map_err(|error| invalid(format!("invalid input: {error}")))
}

fn take_text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Problem> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::bad_request(format!("{name} must be a string"))),
    }
}

fn refused(error: &DataError) -> Problem {
    let status = match error {
        DataError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    };
    Problem::new(status, format!("invalid request body: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Result<Input, Problem> {
        Input::read(body.to_string().as_bytes())
    }

    #[test]
    fn what_is_said_about_the_call_is_not_in_the_record() {
        let input = read(&json!({
            "uri": "at://did:plc:somebody/com.example.other/key", "shouldPublish": true, "delegateDid": "did:plc:a",
            "$type": "com.example.other", "text": "hi", "nested": { "uri": "stays" },
        }))
        .unwrap();
        assert_eq!(input.delegate, Some(Did::parse("did:plc:a").unwrap()));
        assert_eq!(input.rkey().unwrap().as_str(), "key");
        let record = input.into_record(&Nsid::parse("com.example.note").unwrap());
        let expected = json!({ "$type": "com.example.note", "text": "hi", "nested": { "uri": "stays" } });
        assert_eq!(Value::Object(record), expected);
    }

    #[test]
    fn what_is_not_said_may_be_null() {
        let input = read(&json!({ "uri": null, "delegateDid": null, "shouldPublish": null })).unwrap();
        assert!(!input.has_uri() && input.delegate.is_none());
        assert_eq!(input.rkey().unwrap_err().message, "uri is required");
    }

    #[test]
    fn a_script_is_given_what_was_sent() {
        let body = json!({
            "uri": null, "shouldPublish": true, "delegateDid": "did:plc:a", "text": "x".repeat(1_500_000), "n": [1, null],
        });
        let input = ScriptInput::read(body.to_string().as_bytes()).unwrap();
        assert_eq!(input.delegate, Some(Did::parse("did:plc:a").unwrap()));
        let mut sent = body;
        sent.as_object_mut().unwrap().remove("delegateDid");
        assert_eq!(input.into_value(), sent);
        let input = ScriptInput::read(br#"{"uri":7}"#).unwrap();
        assert_eq!(input.into_value(), json!({ "uri": 7 }), "what it means is for the script to say");
        for (body, status) in [
            ("", 400),
            ("[]", 400),
            (r#"{"a":1,"a":2}"#, 400),
            (r#"{"delegateDid":7}"#, 400),
            (&format!(r#"{{"a":"{}"}}"#, "x".repeat(2 << 20)), 413),
        ] {
            let problem = ScriptInput::read(body.as_bytes()).unwrap_err();
            assert_eq!(problem.status.as_u16(), status, "{}", &body[..body.len().min(40)]);
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (body, status) in [
            ("", 400),
            ("[]", 400),
            ("null", 400),
            (r#"{"a":1,"a":2}"#, 400),
            (r#"{"uri":7}"#, 400),
            (r#"{"delegateDid":["did:plc:a"]}"#, 400),
            (r#"{"delegateDid":"alice.example"}"#, 400),
            (&format!(r#"{{"a":{}{}}}"#, "[".repeat(200), "]".repeat(200)), 400),
            (&format!(r#"{{"a":"{}"}}"#, "x".repeat(1 << 20)), 413),
        ] {
            let problem = Input::read(body.as_bytes()).unwrap_err();
            assert_eq!(problem.status.as_u16(), status, "{}", &body[..body.len().min(40)]);
        }
        for uri in [
            "key",
            "at://did:plc:a",
            "at://did:plc:a/com.example.note",
            "at://did:plc:a/com.example.note/a/b",
        ] {
            let problem = read(&json!({ "uri": uri })).unwrap().rkey().unwrap_err();
            assert_eq!(problem.status.as_u16(), 400, "{uri}");
        }
    }
}
