//! Signatures of RFC 9421.

mod base;
mod input;
#[cfg(test)]
mod tests;

use sfv::{BareItem, Dictionary, ListEntry, Parser};

use self::input::Input;
use super::digest::check_content_digest;
use super::window::check_expiry;
use super::{Form, KeyId, KeyType, MAX_HEADER, Request, SignatureError, Signed, Terms};

pub(super) use self::base::base;
pub(super) use self::input::write;

/// Signatures of one request that are looked at.
const MAX_SIGNATURES: usize = 4;

/// What a signature says if it is made for servers like this one.
const TAG: &str = "activitypub";

/// Everything that needs no key about the signature that says it is for this protocol, or else about the first that will do.
pub(super) fn read(request: &Request<'_>, terms: &Terms<'_>) -> Result<Signed, SignatureError> {
    let inputs = dictionary(request, "signature-input")?;
    let mut signatures = dictionary(request, "signature")?;
    if inputs.len() > MAX_SIGNATURES {
        return Err(SignatureError::Malformed("there are too many".into()));
    }
    let mut refusal = SignatureError::Missing;
    let mut inputs: Vec<_> = inputs.into_iter().map(|(label, entry)| (label, Input::parse(entry))).collect();
    inputs.sort_by_key(|(_, input)| !input.as_ref().is_ok_and(|input| input.tag.as_deref() == Some(TAG)));
    for (label, input) in inputs {
        let signature = match signatures.shift_remove(&label) {
            Some(ListEntry::Item(item)) => item.bare_item,
            _ => continue,
        };
        let BareItem::ByteSequence(signature) = signature else { continue };
        match input.and_then(|input| check(&input, signature, request, terms)) {
            Ok(signed) => return Ok(signed),
            Err(error) if refusal == SignatureError::Missing => refusal = error,
            Err(_) => {}
        }
    }
    Err(refusal)
}

fn dictionary(request: &Request<'_>, name: &'static str) -> Result<Dictionary, SignatureError> {
    let value = request.header(name).ok_or(SignatureError::Missing)?;
    let malformed =
        || SignatureError::Malformed(format!("{name} is no dictionary of at most {MAX_HEADER} bytes"));
    if value.len() > MAX_HEADER {
        return Err(malformed());
    }
    Parser::new(&value).parse().map_err(|_| malformed())
}

fn check(
    input: &Input,
    signature: Vec<u8>,
    request: &Request<'_>,
    terms: &Terms<'_>,
) -> Result<Signed, SignatureError> {
    let key_type = match input.algorithm.as_deref() {
        None => None,
        Some(name) => Some(
            [KeyType::Rsa, KeyType::Ed25519]
                .into_iter()
                .find(|key_type| key_type.message_algorithm() == name)
                .ok_or_else(|| SignatureError::Algorithm(crate::excerpt::excerpt(name)))?,
        ),
    };
    let key_id = KeyId::parse(input.key_id.as_deref().ok_or(SignatureError::KeyId)?)?;
    check_coverage(input, request, terms)?;
    if !request.is_for_us() {
        return Err(SignatureError::Host);
    }
    terms.window.check_seconds(input.created.ok_or(SignatureError::NotCovered("created"))?, terms.now)?;
    if let Some(expires) = input.expires {
        check_expiry(expires, terms.now)?;
    }
    if input.covers("content-digest") {
        let stated = request.header("content-digest");
        check_content_digest(
            &stated.ok_or_else(|| SignatureError::Absent("content-digest".into()))?,
            terms.body,
        )?;
    }
    let message = base(&input.components, &input.parameters, request)?.into_bytes();
    Ok(Signed { form: Form::Message, key_id, key_type, messages: vec![message], signature })
}

fn check_coverage(input: &Input, request: &Request<'_>, terms: &Terms<'_>) -> Result<(), SignatureError> {
    if !input.covers("@method") {
        return Err(SignatureError::NotCovered("@method"));
    }
    let query = input.covers("@query") || !request.target.contains('?');
    let parts = input.covers("@path") && input.covers("@authority") && query;
    if !input.covers("@target-uri") && !parts {
        return Err(SignatureError::NotCovered("@target-uri"));
    }
    if terms.needs_digest(request.method) && !input.covers("content-digest") {
        return Err(SignatureError::NotCovered("content-digest"));
    }
    Ok(())
}
