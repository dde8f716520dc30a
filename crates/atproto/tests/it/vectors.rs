//! Access to the files in `tests/data`.

use std::path::PathBuf;

use serde_json::Value;

pub(crate) fn bytes(path: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn text(path: &str) -> String {
    String::from_utf8(bytes(path)).unwrap()
}

pub(crate) fn json(path: &str) -> Value {
    serde_json::from_str(&text(path)).unwrap()
}

/// The values of a syntax file: every line that is not blank and no comment, with its spaces.
pub(crate) fn lines(path: &str) -> Vec<String> {
    let text = text(path);
    let lines: Vec<String> = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(Into::into)
        .collect();
    assert!(!lines.is_empty(), "{path} has no vectors");
    lines
}

/// The events of all three Jetstream files.
pub(crate) fn frames() -> Vec<String> {
    ["samples", "expected_v1", "capture"]
        .iter()
        .flat_map(|name| lines(&format!("jetstream/{name}.jsonl")))
        .collect()
}

/// The messages of a file of `[u32 little-endian length][bytes]…`.
pub(crate) fn messages(path: &str) -> Vec<Vec<u8>> {
    split(&bytes(path))
}

pub(crate) fn split(file: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = file;
    let mut messages = Vec::new();
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let (message, tail) = tail.split_at(u32::from_le_bytes(*length) as usize);
        messages.push(message.to_vec());
        rest = tail;
    }
    messages
}
