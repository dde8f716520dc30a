//! Signatures of draft-cavage-http-signatures-12.

mod parameters;
mod signing_string;
#[cfg(test)]
mod tests;

use http::{Method, header};

use self::parameters::Parameters;
use super::digest::check_digest;
use super::window::check_expiry;
use super::{Form, KeyId, KeyType, MAX_HEADER, Request, SignatureError, Signed, Terms};

pub(super) use self::parameters::write;
pub(super) use self::signing_string::{Covered, signing_string};

/// Everything about the one `Signature` header that needs no key.
pub(super) fn read(request: &Request<'_>, terms: &Terms<'_>) -> Result<Signed, SignatureError> {
    let mut headers = request.headers.get_all("signature").iter();
    let header = headers.next().ok_or(SignatureError::Missing)?;
    if headers.next().is_some() {
        return Err(SignatureError::Malformed("there is more than one header".into()));
    }
    let header = header.to_str().ok().filter(|header| header.len() <= MAX_HEADER);
    let header = header.ok_or_else(|| SignatureError::Malformed("it is not short text".into()))?;
    let parameters = Parameters::parse(header)?;
    let key_type = key_type(&parameters)?;
    let key_id = KeyId::parse(parameters.key_id)?;
    check_coverage(&parameters, request, terms)?;
    if !request.is_for_us() {
        return Err(SignatureError::Host);
    }
    check_time(&parameters, request, terms)?;
    if parameters.covers("digest") {
        let stated = request.header("digest").ok_or_else(|| SignatureError::Absent("digest".into()))?;
        check_digest(&stated, terms.body)?;
    }
    let mut messages = vec![signing_string(&parameters.covered(request.target), request)?.into_bytes()];
    // Some leave the query out, on both sides.
    if matches!(*request.method, Method::GET | Method::HEAD) && request.target.contains('?') {
        messages.push(signing_string(&parameters.covered(request.path()), request)?.into_bytes());
    }
    Ok(Signed { form: Form::Draft, key_id, key_type, messages, signature: parameters.signature })
}

/// Which kind of key it has to be. The name is not believed where it says nothing about that.
fn key_type(parameters: &Parameters<'_>) -> Result<Option<KeyType>, SignatureError> {
    match parameters.algorithm {
        Some("rsa-sha256") if parameters.covers("(created)") || parameters.covers("(expires)") => {
            Err(SignatureError::Algorithm("rsa-sha256 covers no (created) or (expires)".into()))
        }
        Some("rsa-sha256") => Ok(Some(KeyType::Rsa)),
        Some("hs2019") | None => Ok(None),
        Some(other) => Err(SignatureError::Algorithm(crate::excerpt::excerpt(other))),
    }
}

fn check_coverage(
    parameters: &Parameters<'_>,
    request: &Request<'_>,
    terms: &Terms<'_>,
) -> Result<(), SignatureError> {
    for name in ["(request-target)", "host"] {
        if !parameters.covers(name) {
            return Err(SignatureError::NotCovered(name));
        }
    }
    if !parameters.covers("date") && !parameters.covers("(created)") {
        return Err(SignatureError::NotCovered("date or (created)"));
    }
    if terms.needs_digest(request.method) && !parameters.covers("digest") {
        return Err(SignatureError::NotCovered("digest"));
    }
    Ok(())
}

fn check_time(
    parameters: &Parameters<'_>,
    request: &Request<'_>,
    terms: &Terms<'_>,
) -> Result<(), SignatureError> {
    if parameters.covers("date") {
        let date = request.header(header::DATE.as_str());
        let date = date.ok_or_else(|| SignatureError::Absent("date".into()))?;
        let date = httpdate::parse_http_date(&date).map_err(|_| SignatureError::Time("the date is none"))?;
        terms.window.check(date, terms.now)?;
    }
    if let Some(created) = parameters.created {
        terms.window.check_seconds(created, terms.now)?;
    }
    parameters.expires.map_or(Ok(()), |expires| check_expiry(expires, terms.now))
}
