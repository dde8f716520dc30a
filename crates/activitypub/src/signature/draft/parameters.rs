//! What the `Signature` header of the draft is made of.

use data_encoding::BASE64;

use crate::excerpt::excerpt;
use crate::signature::{MAX_COVERED, SignatureError};

use super::Covered;

/// The longest signature: that of an RSA key of 8,192 bits, in Base64.
const MAX_SIGNATURE: usize = 1_368;

/// `keyId="…",algorithm="…",headers="…",signature="…"`, and `created=…` and `expires=…`.
#[derive(Debug)]
pub(super) struct Parameters<'h> {
    pub(super) key_id: &'h str,
    pub(super) algorithm: Option<&'h str>,
    /// Lower case, each name once.
    names: Vec<String>,
    pub(super) created: Option<i64>,
    pub(super) expires: Option<i64>,
    pub(super) signature: Vec<u8>,
}

impl<'h> Parameters<'h> {
    pub(super) fn parse(header: &'h str) -> Result<Self, SignatureError> {
        let malformed = |what: &str| SignatureError::Malformed(what.to_owned());
        let [mut key_id, mut algorithm, mut headers, mut signature, mut created, mut expires] = [None; 6];
        let mut rest = header.trim();
        while !rest.is_empty() {
            let (name, after) = rest.split_once('=').ok_or_else(|| malformed("a parameter has no value"))?;
            let (value, after) = value(after).ok_or_else(|| malformed("a quotation mark is missing"))?;
            let slot = match name.trim() {
                "keyId" => &mut key_id,
                "algorithm" => &mut algorithm,
                "headers" => &mut headers,
                "signature" => &mut signature,
                "created" => &mut created,
                "expires" => &mut expires,
                other => {
                    return Err(SignatureError::Malformed(format!(
                        "no parameter is called {}",
                        excerpt(other)
                    )));
                }
            };
            if slot.replace(value).is_some() {
                return Err(malformed("a parameter is there twice"));
            }
            rest = after;
        }
        let signature = signature.filter(|text| text.len() <= MAX_SIGNATURE);
        let signature = signature.ok_or_else(|| malformed("it has no signature, or a very long one"))?;
        Ok(Self {
            key_id: key_id.ok_or_else(|| malformed("it has no keyId"))?,
            algorithm,
            names: names(headers.ok_or(SignatureError::NotCovered("(request-target)"))?)?,
            created: number(created)?,
            expires: number(expires)?,
            signature: BASE64.decode(signature.as_bytes()).map_err(|_| malformed("it is not Base64"))?,
        })
    }

    pub(super) fn covers(&self, name: &str) -> bool {
        self.names.iter().any(|covered| covered == name)
    }

    /// What is signed, for a request to `target`.
    pub(super) fn covered<'c>(&'c self, target: &'c str) -> Covered<'c> {
        let names = self.names.iter().map(String::as_str).collect();
        Covered { names, target, created: self.created, expires: self.expires }
    }
}

/// A value in quotation marks, or a number, and what follows its comma.
fn value(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let (value, after) = match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => text.split_at(text.find(',').unwrap_or(text.len())),
    };
    let after = after.trim_start();
    let next = if after.is_empty() { after } else { after.strip_prefix(',')?.trim_start() };
    (!value.contains('\\')).then_some((value.trim(), next))
}

fn number(text: Option<&str>) -> Result<Option<i64>, SignatureError> {
    let parsed = text.map(str::parse).transpose();
    parsed.map_err(|_| SignatureError::Malformed("a time is no whole number of seconds".into()))
}

fn names(headers: &str) -> Result<Vec<String>, SignatureError> {
    let mut names: Vec<String> = Vec::new();
    for name in headers.split_ascii_whitespace() {
        let name = name.to_ascii_lowercase();
        if names.len() == MAX_COVERED || names.contains(&name) {
            return Err(SignatureError::Malformed("it covers too many headers, or one twice".into()));
        }
        names.push(name);
    }
    Ok(names)
}

/// The header that says what was signed and how.
pub(in crate::signature) fn write(key_id: &str, algorithm: &str, names: &[&str], signature: &[u8]) -> String {
    let (names, signature) = (names.join(" "), BASE64.encode(signature));
    format!(r#"keyId="{key_id}",algorithm="{algorithm}",headers="{names}",signature="{signature}""#)
}
