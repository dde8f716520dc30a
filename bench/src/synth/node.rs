//! A record's value, written as JSON for the stream and as DAG-CBOR for its CID.
//!
//! Written without the `atproto` crate on purpose: the servers that are measured check CIDs with that
//! crate, and a check against itself would find nothing.

use super::cid::Cid;

/// The part of the AT Protocol data model that the synthetic records use.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Integer(u32),
    List(Vec<Node>),
    /// Keys in the order of the JSON text; DAG-CBOR has an order of its own.
    Map(Vec<(&'static str, Node)>),
    Link(Cid),
}

impl Node {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Appends this value as JSON without white space.
    pub(super) fn write_json(&self, out: &mut String) {
        match self {
            Self::Text(text) => push_json_text(out, text),
            Self::Integer(number) => out.push_str(&number.to_string()),
            Self::List(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    item.write_json(out);
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    push_json_text(out, key);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
            Self::Link(cid) => {
                out.push_str("{\"$link\":\"");
                out.push_str(&cid.to_string());
                out.push_str("\"}");
            }
        }
    }

    /// Appends every text that begins with `at://`, at any depth.
    pub(super) fn collect_links(&self, out: &mut Vec<String>) {
        match self {
            Self::Text(text) if text.starts_with("at://") => out.push(text.clone()),
            Self::Text(_) | Self::Integer(_) | Self::Link(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.collect_links(out)),
            Self::Map(entries) => entries.iter().for_each(|(_, value)| value.collect_links(out)),
        }
    }

    /// Appends this value as DAG-CBOR: map keys sorted by length, then by bytes; links are tag 42.
    pub(super) fn write_cbor(&self, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => push_cbor_text(out, text),
            Self::Integer(number) => push_cbor_head(out, 0, *number),
            Self::List(items) => {
                push_cbor_head(out, 4, length(items.len()));
                for item in items {
                    item.write_cbor(out);
                }
            }
            Self::Map(entries) => {
                let mut sorted: Vec<_> = entries.iter().collect();
                sorted.sort_by_key(|(key, _)| (key.len(), *key));
                push_cbor_head(out, 5, length(sorted.len()));
                for (key, value) in sorted {
                    push_cbor_text(out, key);
                    value.write_cbor(out);
                }
            }
            Self::Link(cid) => {
                push_cbor_head(out, 6, 42);
                push_cbor_head(out, 2, length(cid.as_bytes().len() + 1));
                out.push(0); // the multibase prefix "identity"
                out.extend_from_slice(cid.as_bytes());
            }
        }
    }
}

/// None of the synthetic texts holds a character that JSON must escape; `debug_assert` keeps it so.
fn push_json_text(out: &mut String, text: &str) {
    debug_assert!(!text.contains(|c: char| c < ' ' || c == '"' || c == '\\'), "needs escaping: {text}");
    out.push('"');
    out.push_str(text);
    out.push('"');
}

fn push_cbor_text(out: &mut Vec<u8>, text: &str) {
    push_cbor_head(out, 3, length(text.len()));
    out.extend_from_slice(text.as_bytes());
}

/// The shortest head for a major type and its argument (RFC 8949, section 3).
#[expect(clippy::cast_possible_truncation, reason = "the match arms bound the argument")]
fn push_cbor_head(out: &mut Vec<u8>, major: u8, argument: u32) {
    let major = major << 5;
    match argument {
        0..24 => out.push(major | argument as u8),
        24..0x100 => out.extend_from_slice(&[major | 0x18, argument as u8]),
        0x100..0x1_0000 => {
            out.push(major | 0x19);
            out.extend_from_slice(&(argument as u16).to_be_bytes());
        }
        _ => {
            out.push(major | 0x1a);
            out.extend_from_slice(&argument.to_be_bytes());
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "synthetic records are a few kilobytes at most")]
fn length(bytes: usize) -> u32 {
    bytes as u32
}
