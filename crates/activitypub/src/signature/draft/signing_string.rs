//! The lines that the draft signs.

use std::fmt::Write as _;

use crate::excerpt::excerpt;
use crate::signature::{Request, SignatureError};

/// What a signature covers.
#[derive(Debug)]
pub(in crate::signature) struct Covered<'c> {
    /// Lower case, in the order of the lines.
    pub(in crate::signature) names: Vec<&'c str>,
    /// Path and query, as far as they are signed.
    pub(in crate::signature) target: &'c str,
    pub(in crate::signature) created: Option<i64>,
    pub(in crate::signature) expires: Option<i64>,
}

/// One line for each name, without a line break at the end.
pub(in crate::signature) fn signing_string(
    covered: &Covered<'_>,
    request: &Request<'_>,
) -> Result<String, SignatureError> {
    let absent = |name: &str| SignatureError::Absent(excerpt(name));
    let mut lines = String::with_capacity(512);
    for name in &covered.names {
        if !lines.is_empty() {
            lines.push('\n');
        }
        // Writing to a string does not fail.
        let _ = match *name {
            "(request-target)" => {
                let method = request.method.as_str().to_ascii_lowercase();
                write!(lines, "{name}: {method} {}", covered.target)
            }
            "(created)" => write!(lines, "{name}: {}", covered.created.ok_or_else(|| absent(name))?),
            "(expires)" => write!(lines, "{name}: {}", covered.expires.ok_or_else(|| absent(name))?),
            header => write!(lines, "{name}: {}", request.header(header).ok_or_else(|| absent(name))?),
        };
    }
    Ok(lines)
}
