//! Signing what this server sends.

use std::time::SystemTime;

use data_encoding::BASE64;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use url::Url;

use super::window::seconds;
use super::{Form, KeyId, PrivateKey, Request, SignatureError, content_digest, digest, draft, message};

const DIGEST: HeaderName = HeaderName::from_static("digest");
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
const SIGNATURE: HeaderName = HeaderName::from_static("signature");
const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");

/// An actor's key and its name.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'k> {
    /// Where others find the public key.
    pub key_id: &'k KeyId,
    /// What signs.
    pub key: &'k PrivateKey,
    /// Which form to use.
    pub form: Form,
    /// Whether the draft covers the query of a URL. Some servers verify without it: a second try may.
    pub with_query: bool,
}

impl Signer<'_> {
    /// Adds date, digest and signature to the headers of a request; `content-type` of one with a body and `accept` of one without are
    /// covered if they are there. Each attempt to send is signed anew.
    pub fn sign(
        &self,
        method: &Method,
        url: &Url,
        headers: &mut HeaderMap,
        body: Option<&[u8]>,
        now: SystemTime,
    ) -> Result<(), SignatureError> {
        let key_id = self.key_id.address().as_str();
        if key_id.bytes().any(|byte| matches!(byte, b'"' | b'\\') || !byte.is_ascii_graphic()) {
            return Err(SignatureError::KeyId);
        }
        for stale in [DIGEST, CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT] {
            headers.remove(stale);
        }
        headers.insert(header::DATE, value(&httpdate::fmt_http_date(now))?);
        match self.form {
            Form::Draft => self.sign_draft(key_id, method, url, headers, body),
            Form::Message => self.sign_message(key_id, method, url, headers, body, now),
        }
    }

    fn sign_draft(
        &self,
        key_id: &str,
        method: &Method,
        url: &Url,
        headers: &mut HeaderMap,
        body: Option<&[u8]>,
    ) -> Result<(), SignatureError> {
        let mut names = vec!["(request-target)", "host", "date"];
        if let Some(body) = body {
            headers.insert(DIGEST, value(&digest(body))?);
            names.push("digest");
        }
        names.extend(described(headers, body));
        let request = Request::to(method, url, headers);
        let target = if self.with_query { request.target } else { request.path() };
        let covered = draft::Covered { names, target, created: None, expires: None };
        let signature = self.key.sign(draft::signing_string(&covered, &request)?.as_bytes())?;
        let algorithm = self.key.key_type().draft_algorithm();
        headers.insert(SIGNATURE, value(&draft::write(key_id, algorithm, &covered.names, &signature))?);
        Ok(())
    }

    fn sign_message(
        &self,
        key_id: &str,
        method: &Method,
        url: &Url,
        headers: &mut HeaderMap,
        body: Option<&[u8]>,
        now: SystemTime,
    ) -> Result<(), SignatureError> {
        let mut names = vec!["@method", "@target-uri", "@authority"];
        if let Some(body) = body {
            headers.insert(CONTENT_DIGEST, value(&content_digest(body))?);
            names.push("content-digest");
        }
        names.extend(described(headers, body));
        names.push("date");
        let input = message::write(&names, seconds(now), key_id, self.key.key_type().message_algorithm());
        let base = message::base(&names, &input, &Request::to(method, url, headers))?;
        let signature = BASE64.encode(&self.key.sign(base.as_bytes())?);
        headers.insert(SIGNATURE_INPUT, value(&format!("sig1={input}"))?);
        headers.insert(SIGNATURE, value(&format!("sig1=:{signature}:"))?);
        Ok(())
    }
}

/// The header that says what the request is about, if it is there.
fn described(headers: &HeaderMap, body: Option<&[u8]>) -> Option<&'static str> {
    let name = if body.is_some() { "content-type" } else { "accept" };
    headers.contains_key(name).then_some(name)
}

fn value(text: &str) -> Result<HeaderValue, SignatureError> {
    HeaderValue::from_str(text).map_err(|_| SignatureError::Malformed("a header is not text".into()))
}
