//! What the data model writes as objects with names of their own: bytes, links, blobs; and what may be anything but these.

use super::scalar;
use crate::Cid;
use crate::excerpt::excerpt;
use crate::lexicon::data::{Data, Kind, Position};
use crate::lexicon::fault::{Checked, Fault};
use crate::lexicon::schema::{Blob, Length};

pub(super) fn bytes(data: &Data<'_>, length: Length, at: Position) -> Checked {
    let Some(base64) = only_field(data, at, "$bytes") else {
        return Fault::type_of("bytes, `{\"$bytes\": …}`", data.kind(at).noun());
    };
    match decoded_length(base64) {
        Some(count) => scalar::length(length, count, "byte", "bytes"),
        None => Fault::new("must be base64").map_err(|fault| fault.in_field("$bytes")),
    }
}

pub(super) fn link(data: &Data<'_>, at: Position) -> Checked {
    let Some(cid) = only_field(data, at, "$link") else {
        return Fault::type_of("a link, `{\"$link\": …}`", data.kind(at).noun());
    };
    match Cid::parse(cid) {
        Ok(_) => Ok(()),
        Err(_) => Fault::new(format!("must be a CID, but it is {:?}", excerpt(cid)))
            .map_err(|fault| fault.in_field("$link")),
    }
}

pub(super) fn blob(data: &Data<'_>, of: &Blob, at: Position) -> Checked {
    if !matches!(data.kind(at), Kind::Object) {
        return Fault::type_of("a blob", data.kind(at).noun());
    }
    if is_early_blob(data, at) {
        return mime_type(data, of, at);
    }
    if data.field(at, "$type").and_then(|named| data.text(named)) != Some("blob") {
        return Fault::new("must be a blob, whose `$type` is \"blob\"");
    }
    match data.field(at, "ref") {
        Some(cid) => link(data, cid),
        None => Fault::new("is required"),
    }
    .map_err(|fault| fault.in_field("ref"))?;
    mime_type(data, of, at)?;
    let size = match data.field(at, "size").map(|size| data.kind(size)) {
        Some(Kind::Integer(size)) => u64::try_from(*size).ok(),
        _ => None,
    };
    let checked = match (size, of.max_size) {
        (None, _) => Fault::new("must be a number of bytes"),
        (Some(size), Some(max)) if size > max => Fault::new(format!("more than {max} bytes")),
        _ => Ok(()),
    };
    checked.map_err(|fault| fault.in_field("size"))
}

/// What blobs were before they had a type: nothing but a CID and a media type.
fn is_early_blob(data: &Data<'_>, at: Position) -> bool {
    let cid = data.field(at, "cid").and_then(|cid| data.text(cid));
    data.fields(at).count() == 2 && cid.is_some_and(|cid| Cid::parse(cid).is_ok())
}

fn mime_type(data: &Data<'_>, of: &Blob, at: Position) -> Checked {
    let found = data.field(at, "mimeType").and_then(|found| data.text(found));
    let checked = match found.filter(|found| !found.is_empty()) {
        None => Fault::new("must be a media type"),
        Some(found) if of.accept.is_empty() || of.accept.iter().any(|pattern| is_like(found, pattern)) => {
            Ok(())
        }
        Some(found) => {
            let accepted = super::text::listed(of.accept.iter().map(AsRef::as_ref));
            Fault::new(format!("must be {accepted}, but it is {:?}", excerpt(found)))
        }
    };
    checked.map_err(|fault| fault.in_field("mimeType"))
}

/// Whether a media type is of a pattern: itself, `image/*` or `*/*`.
pub(in crate::lexicon) fn is_like(found: &str, pattern: &str) -> bool {
    match pattern.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => found.split_once('/').is_some_and(|(found, _)| found.eq_ignore_ascii_case(kind)),
        None => found.eq_ignore_ascii_case(pattern),
    }
}

/// Any object that the data model does not read as something else.
pub(super) fn unknown(data: &Data<'_>, at: Position) -> Checked {
    if !matches!(data.kind(at), Kind::Object) {
        return Fault::type_of("an object", data.kind(at).noun());
    }
    let is_blob = || data.field(at, "$type").and_then(|named| data.text(named)) == Some("blob");
    if only_field(data, at, "$bytes").is_some() || only_field(data, at, "$link").is_some() || is_blob() {
        return Fault::new("must be an object, and neither bytes nor a link nor a blob");
    }
    Ok(())
}

/// The text of the one field of an object, if it has this name.
fn only_field<'d>(data: &'d Data<'_>, at: Position, name: &str) -> Option<&'d str> {
    let mut fields = data.fields(at);
    let (found, value) = fields.next()?;
    if found == name && fields.next().is_none() { data.text(value) } else { None }
}

/// How many bytes a base64 text is, with or without padding. Bits that are left over at its end are nobody's concern.
fn decoded_length(base64: &str) -> Option<u64> {
    let text = base64.trim_end_matches('=');
    let is_alphabet = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/');
    let padding = base64.len() - text.len();
    let is_padded = padding == 0 || (padding <= 2 && base64.len().is_multiple_of(4));
    (is_alphabet && is_padded && text.len() % 4 != 1).then_some(text.len() as u64 * 3 / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_measured() {
        for (text, bytes) in [("", 0), ("b25l", 3), ("123", 2), ("12", 1), ("12==", 1), ("123=", 2)] {
            assert_eq!(decoded_length(text), Some(bytes), "{text}");
        }
        for text in ["1", "12345", "12=", "1234=", "=", "a-_b", "a b", "12===="] {
            assert_eq!(decoded_length(text), None, "{text}");
        }
    }

    #[test]
    fn media_types_have_patterns() {
        assert!(
            is_like("image/png", "image/*") && is_like("IMAGE/png", "image/PNG") && is_like("a/b", "*/*")
        );
        assert!(!is_like("imagex/png", "image/*") && !is_like("image", "image/*") && !is_like("a/b", "a/c"));
    }
}
