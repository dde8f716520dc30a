//! Keys as text between two lines.

use data_encoding::{BASE64, Encoding, Specification};

use super::KeyError;

/// Bytes of text that are looked at.
const MAX_BYTES: usize = 16 * 1024;

/// Letters in a line.
const LINE: usize = 64;

/// The label and the bytes of the first block, however its lines end and are indented.
pub(super) fn read(text: &str) -> Result<(&str, Vec<u8>), KeyError> {
    if text.len() > MAX_BYTES {
        return Err(KeyError::Malformed);
    }
    let block = || {
        let (_, rest) = text.split_once("-----BEGIN ")?;
        let (label, rest) = rest.split_once("-----")?;
        let (body, rest) = rest.split_once("-----END ")?;
        rest.strip_prefix(label)?.starts_with("-----").then_some((label, body))
    };
    let (label, body) = block().ok_or(KeyError::Malformed)?;
    let bytes = lenient()?.decode(body.as_bytes()).map_err(|_| KeyError::Malformed)?;
    Ok((label, bytes))
}

/// A block with lines of 64 letters.
pub(super) fn write(label: &str, bytes: &[u8]) -> String {
    let body = BASE64.encode(bytes);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text + &format!("-----END {label}-----\n")
}

/// Base64 that does not mind white space.
fn lenient() -> Result<Encoding, KeyError> {
    let mut alphabet: Specification = BASE64.specification();
    alphabet.ignore.push_str(" \t\r\n");
    alphabet.encoding().map_err(|_| KeyError::Library)
}
