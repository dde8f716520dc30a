//! What a client sent, however it wrote it: query, form, form with files or JSON.
//!
//! Clients differ in this, often from call to call. Everything becomes pairs of a name and a text, as forms have them: `ids[]` for
//! each entry of a list, `source[privacy]` for what is inside of something.

use std::borrow::Cow;

use axum::extract::{FromRequest, Multipart, Request};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, Method};
use serde_json::Value;
use server::Problem;
use url::form_urlencoded;

/// Pairs of one request.
pub(crate) const MAX_FIELDS: usize = 1000;

/// How deep JSON may be nested; `fields_attributes` has two levels.
const MAX_DEPTH: usize = 4;

/// Names and values in the order in which they came, and files by their names.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pairs: Vec<(String, String)>,
    pub(crate) files: Vec<(String, Bytes)>,
}

impl Fields {
    pub(crate) fn of_form(form: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(form).into_owned().take(MAX_FIELDS).collect();
        Self { pairs, files: Vec::new() }
    }

    fn of_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Self::default();
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(fields);
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => {
                for (name, value) in object {
                    fields.flatten(name, value, MAX_DEPTH);
                }
                Ok(fields)
            }
            _ => Err(Problem::bad_request("the body is not a JSON object").named("invalid_request")),
        }
    }

    fn flatten(&mut self, name: String, value: Value, depth: usize) {
        if depth == 0 || self.pairs.len() >= MAX_FIELDS {
            return;
        }
        match value {
            Value::Null => {}
            Value::String(text) => self.pairs.push((name, text)),
            Value::Bool(value) => self.pairs.push((name, value.to_string())),
            Value::Number(value) => self.pairs.push((name, value.to_string())),
            // As forms write it, so that it is not taken for nothing said.
            Value::Array(items) if items.is_empty() => self.pairs.push((format!("{name}[]"), String::new())),
            Value::Array(items) => {
                for (at, item) in items.into_iter().enumerate() {
                    let at = if item.is_object() { at.to_string() } else { String::new() };
                    self.flatten(format!("{name}[{at}]"), item, depth - 1);
                }
            }
            Value::Object(object) => {
                for (inner, value) in object {
                    self.flatten(format!("{name}[{inner}]"), value, depth - 1);
                }
            }
        }
    }

    async fn of_multipart(mut form: Multipart) -> Result<Self, Problem> {
        let mut fields = Self::default();
        let broken =
            |error: axum::extract::multipart::MultipartError| Problem::new(error.status(), error.body_text());
        while let Some(field) = form.next_field().await.map_err(broken)? {
            if fields.pairs.len() + fields.files.len() >= MAX_FIELDS {
                return Err(Problem::bad_request("too many fields"));
            }
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                fields.files.push((name, field.bytes().await.map_err(broken)?));
            } else {
                fields.pairs.push((name, field.text().await.map_err(broken)?));
            }
        }
        Ok(fields)
    }

    /// All names and texts.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The last of this name; an empty one counts.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(found, _)| found == name).map(|(_, value)| &**value)
    }

    /// The same if it says something.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|text| !text.is_empty())
    }

    /// The same, or what OAuth says of its absence.
    pub(crate) fn required(&self, name: &'static str) -> Result<&str, Problem> {
        let missing = || Problem::bad_request(format!("`{name}` is missing")).named("invalid_request");
        self.filled(name).ok_or_else(missing)
    }

    /// All of a list, under `name[]` or just `name`; an empty entry is how forms write that there are none.
    pub(crate) fn list<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let is_it = move |found: &str| found == name || found.strip_suffix("[]") == Some(name);
        self.pairs
            .iter()
            .filter(move |(found, value)| is_it(found) && !value.is_empty())
            .map(|(_, value)| &**value)
    }

    /// Yes or no, as forms and JSON write it.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.filled(name)? {
            "true" | "1" | "on" | "t" | "yes" => Some(true),
            _ => Some(false),
        }
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.filled(name)?.parse().ok()
    }

    /// What is inside of `name[0]`, `name[1]`…: texts of `inner`, in that order.
    pub(crate) fn numbered(&self, name: &str, at: usize, inner: &str) -> Option<&str> {
        self.text(&format!("{name}[{at}][{inner}]"))
    }

    /// Whether anything of this name, or inside of it, was sent.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        let inside = format!("{name}[");
        self.pairs.iter().any(|(found, _)| found == name || found.starts_with(&inside))
    }

    /// A file of this name.
    pub(crate) fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.iter().find(|(found, _)| found == name).map(|(_, bytes)| bytes)
    }
}

/// The query of the address.
pub(crate) fn query(parts: &Parts) -> Fields {
    Fields::of_form(parts.uri.query().unwrap_or_default().as_bytes())
}

fn media_type(headers: &HeaderMap) -> Cow<'_, str> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().into()
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let mut fields = query(&parts);
        if parts.method == Method::GET || parts.method == Method::HEAD {
            return Ok(fields);
        }
        let kind = media_type(&parts.headers).into_owned();
        let request = Request::from_parts(parts, body);
        let more = if kind == "multipart/form-data" {
            let form = Multipart::from_request(request, state).await;
            Self::of_multipart(form.map_err(|error| Problem::new(error.status(), error.body_text()))?).await?
        } else {
            let body = Bytes::from_request(request, state).await;
            let body = body.map_err(|error| Problem::new(error.status(), error.body_text()))?;
            if kind == "application/json" { Self::of_json(&body)? } else { Self::of_form(&body) }
        };
        fields.pairs.extend(more.pairs);
        fields.files = more.files;
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_forms_say_the_same() {
        let json = br#"{"status":"hi","sensitive":true,"media_ids":["1","2"],"source":{"privacy":"unlisted"},
            "fields_attributes":[{"name":"a","value":"b"}],"poll":null,"limit":3}"#;
        let form = b"status=hi&sensitive=1&media_ids[]=1&media_ids[]=2&source[privacy]=unlisted\
            &fields_attributes[0][name]=a&fields_attributes[0][value]=b&limit=3";
        for fields in [Fields::of_json(json).unwrap(), Fields::of_form(form)] {
            assert_eq!(fields.text("status"), Some("hi"));
            assert_eq!(fields.flag("sensitive"), Some(true));
            assert_eq!(fields.list("media_ids").collect::<Vec<_>>(), ["1", "2"]);
            assert_eq!(fields.text("source[privacy]"), Some("unlisted"));
            assert_eq!(fields.numbered("fields_attributes", 0, "value"), Some("b"));
            assert_eq!(fields.number("limit"), Some(3));
            assert!(fields.mentions("fields_attributes") && !fields.mentions("poll"));
        }
        for none in [Fields::of_json(br#"{"media_ids":[]}"#).unwrap(), Fields::of_form(b"media_ids[]=")] {
            assert!(none.mentions("media_ids") && none.list("media_ids").next().is_none());
        }
        assert!(Fields::of_json(b"[1]").is_err() && Fields::of_json(b"").unwrap().pairs.is_empty());
    }
}
