//! `http`: requests to the public internet (spec/appview.md §5.9).

use std::time::Duration;

use http::Method;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use lua::HostError;
use serde_json::{Map, Value, json};
use url::Url;

use super::{Answer, Arguments, ScriptHost, raw};

/// The largest answer.
const MAX_BYTES: usize = 10 << 20;

const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Headers that a script may send.
const MAX_HEADERS: usize = 50;

impl ScriptHost {
    pub(super) async fn request(&self, method: &str, arguments: &Arguments) -> Answer {
        let url = arguments.text(0, "url")?;
        let url = Url::parse(url).map_err(|error| HostError::new(format!("url: {error}")))?;
        let method = match method {
            "get" => Method::GET,
            "head" => Method::HEAD,
            "post" => Method::POST,
            "put" => Method::PUT,
            "patch" => Method::PATCH,
            _ => Method::DELETE,
        };
        let options = arguments.at(1);
        let mut request = self.outbound.request(method, &url).max_bytes(MAX_BYTES).timeout(TIME_LIMIT);
        for (name, value) in headers(options)? {
            request = request.header(name, value);
        }
        if let Some(body) = options.get("body").and_then(Value::as_str) {
            request = request.bytes(body.to_owned());
        }
        let answer = request.send().await.map_err(|error| HostError::new(error.to_string()))?;
        let headers: Map<String, Value> = answer
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into()))
            .collect();
        let body = String::from_utf8_lossy(&answer.body);
        raw(&json!({ "status": answer.status.as_u16(), "body": body, "headers": headers }))
    }
}

fn headers(options: &Value) -> Result<Vec<(HeaderName, HeaderValue)>, HostError> {
    let Some(headers) = options.get("headers").and_then(Value::as_object) else { return Ok(Vec::new()) };
    if headers.len() > MAX_HEADERS {
        return Err(HostError::new(format!("{MAX_HEADERS} headers can be sent")));
    }
    let each = headers.iter().map(|(name, value)| {
        let wrong = || HostError::new(format!("the header {name} cannot be sent"));
        let name = HeaderName::try_from(name.as_str()).map_err(|_| wrong())?;
        let value = value.as_str().ok_or_else(wrong)?;
        // The connection is ours; whose it is does not change with what a script says.
        if is_ours(&name) {
            return Err(wrong());
        }
        Ok((name, HeaderValue::try_from(value).map_err(|_| wrong())?))
    });
    each.collect()
}

fn is_ours(name: &HeaderName) -> bool {
    let ours = [
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "upgrade",
        "te",
        "trailer",
        "proxy-authorization",
    ];
    *name != CONTENT_TYPE && ours.contains(&name.as_str())
}
