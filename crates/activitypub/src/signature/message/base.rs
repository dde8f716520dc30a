//! The lines that RFC 9421 signs (its section 2.5).

use std::fmt::Write as _;

use crate::excerpt::excerpt;
use crate::signature::{Request, SignatureError};

/// One line for each component, and one for the list of them.
pub(in crate::signature) fn base(
    components: &[impl AsRef<str>],
    parameters: &str,
    request: &Request<'_>,
) -> Result<String, SignatureError> {
    let mut lines = String::with_capacity(512);
    for name in components {
        let name = name.as_ref();
        let value = value(name, request).ok_or_else(|| SignatureError::Absent(excerpt(name)))?;
        // Writing to a string does not fail.
        let _ = writeln!(lines, "\"{name}\": {value}");
    }
    let _ = write!(lines, "\"@signature-params\": {parameters}");
    Ok(lines)
}

fn value(name: &str, request: &Request<'_>) -> Option<String> {
    let Request { method, scheme, authority, target, .. } = request;
    match name {
        "@method" => Some(method.to_string()),
        "@target-uri" => Some(format!("{scheme}://{authority}{target}")),
        "@authority" => Some((*authority).to_owned()),
        "@scheme" => Some((*scheme).to_owned()),
        "@request-target" => Some((*target).to_owned()),
        "@path" => Some(request.path().to_owned()),
        "@query" => Some(request.query().to_owned()),
        derived if derived.starts_with('@') => None,
        header => request.header(header),
    }
}
