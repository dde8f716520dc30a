//! Records as their repositories have them.
//!
//! `shrike` writes such JSON, too; ours is at once storable, bounded as JSON is, and searched for references.

use std::borrow::Cow;

use data_encoding::{BASE64_NOPAD, HEXLOWER};
use shrike::cbor::json::{decode_base64, parse_cid};

use super::record::MAX_REF_BYTES;
use super::scan::{RESERVED_KEYS, check_size};
use super::{DataError, Limits};
use crate::cbor::{Item, Malformed, Reader};
use crate::excerpt::excerpt;

/// A record that came as DAG-CBOR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// As JSON in the form [`inspect`](super::record::inspect) gives to records that come as JSON, keys in
    /// the order the block has them in.
    pub json: String,
    /// As [`Inspected::refs`](super::record::Inspected::refs).
    pub refs: Vec<String>,
}

/// Turns the block of a record into JSON in one pass.
///
/// What a repository cannot contain is refused, and so is what [`inspect`](super::record::inspect) would
/// refuse in the JSON of the same record: both databases keep what either returns. The CID of the block is
/// taken to have been checked.
pub fn decode(cbor: &[u8], limits: &Limits) -> Result<Decoded, DataError> {
    check_size(cbor.len(), limits)?;
    let mut writer = Writer {
        reader: Reader::new(cbor),
        // JSON is about a third longer.
        json: String::with_capacity(cbor.len() + cbor.len() / 2),
        refs: Vec::new(),
        depth: 0,
        max_depth: limits.depth.min(Limits::MAX_DEPTH),
    };
    match writer.reader.item()? {
        Item::Map(pairs) => writer.map(pairs)?,
        _ => return Err(DataError::NotAnObject),
    }
    writer.reader.end()?;
    let Writer { json, mut refs, .. } = writer;
    check_size(json.len(), limits)?;
    refs.sort_unstable();
    refs.dedup();
    Ok(Decoded { json, refs })
}

struct Writer<'b> {
    reader: Reader<'b>,
    json: String,
    refs: Vec<String>,
    depth: usize,
    max_depth: usize,
}

impl Writer<'_> {
    fn value(&mut self) -> Result<(), DataError> {
        match self.reader.item()? {
            Item::Text(text) => {
                quoted(&mut self.json, text);
                if text.starts_with("at://") {
                    self.reference(storable(text));
                }
            }
            Item::Map(pairs) => self.map(pairs)?,
            Item::Array(items) => self.array(items)?,
            Item::Link(cid) => self.single("$link", &cid.to_string())?,
            Item::Bytes(bytes) => self.single("$bytes", &BASE64_NOPAD.encode(bytes))?,
            Item::Null => self.json.push_str("null"),
            Item::Bool(true) => self.json.push_str("true"),
            Item::Bool(false) => self.json.push_str("false"),
            Item::Unsigned(number) => self.json.push_str(&signed(number)?.to_string()),
            Item::Negative(number) => self.json.push_str(&(-1 - signed(number)?).to_string()),
            // In its shortest form, as everywhere.
            Item::Float(number) => self.json.push_str(&serde_json::Value::from(number).to_string()),
        }
        Ok(())
    }

    fn map(&mut self, pairs: usize) -> Result<(), DataError> {
        self.enter()?;
        self.json.push('{');
        let mut previous = None;
        // Keys that may have become the same.
        let mut unusual = Vec::new();
        for index in 0..pairs {
            if index > 0 {
                self.json.push(',');
            }
            let key = self.reader.key(&mut previous)?;
            if key.starts_with(RESERVED_KEYS) {
                return Err(DataError::ReservedKey(excerpt(key)));
            }
            if pairs == 1 && self.stands_for_another(key) {
                return Err(DataError::Ambiguous(excerpt(key)));
            }
            quoted(&mut self.json, key);
            if key.bytes().any(|byte| byte == 0 || !byte.is_ascii()) {
                unusual.push(storable(key));
            }
            self.json.push(':');
            self.value()?;
        }
        self.json.push('}');
        self.depth -= 1;
        distinct(unusual)
    }

    fn array(&mut self, items: usize) -> Result<(), DataError> {
        self.enter()?;
        self.json.push('[');
        for index in 0..items {
            if index > 0 {
                self.json.push(',');
            }
            self.value()?;
        }
        self.json.push(']');
        self.depth -= 1;
        Ok(())
    }

    /// An object that stands for a value JSON does not have; it counts as one level.
    fn single(&mut self, key: &str, value: &str) -> Result<(), DataError> {
        self.enter()?;
        self.depth -= 1;
        self.json.extend(["{\"", key, "\":\"", value, "\"}"]);
        Ok(())
    }

    fn enter(&mut self) -> Result<(), DataError> {
        self.depth += 1;
        if self.depth > self.max_depth {
            return Err(DataError::TooDeep { limit: self.max_depth });
        }
        Ok(())
    }

    /// Whether the map's only member, whose value is next, would be read as a link or as bytes.
    fn stands_for_another(&self, key: &str) -> bool {
        let stands: fn(&str) -> bool = match key {
            "$link" => |text| parse_cid(text).is_ok(),
            "$bytes" => |text| decode_base64(text).is_some(),
            _ => return false,
        };
        matches!(self.reader.clone().item(), Ok(Item::Text(text)) if stands(text))
    }

    fn reference(&mut self, uri: Cow<'_, str>) {
        if uri.len() <= MAX_REF_BYTES {
            self.refs.push(uri.into_owned());
        }
    }
}

/// What databases keep of text: see [`storable`](super::storable), which does this to JSON. CBOR has no half
/// surrogate pairs.
fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// Writes `text` between quotes, in the form that is [`storable`].
fn quoted(json: &mut String, mut text: &str) {
    json.push('"');
    loop {
        let plain = plain_bytes(text.as_bytes());
        json.push_str(&text[..plain]);
        match text.as_bytes().get(plain) {
            None => break,
            Some(0) => json.push(char::REPLACEMENT_CHARACTER),
            Some(b'"') => json.push_str("\\\""),
            Some(b'\\') => json.push_str("\\\\"),
            Some(b'\n') => json.push_str("\\n"),
            Some(b'\r') => json.push_str("\\r"),
            Some(b'\t') => json.push_str("\\t"),
            Some(&control) => json.extend(["\\u00", &HEXLOWER.encode(&[control])]),
        }
        text = &text[plain + 1..];
    }
    json.push('"');
}

/// How many bytes come before one that is not written as it is. Sixteen are looked at in one go, without a
/// branch for each.
fn plain_bytes(text: &[u8]) -> usize {
    let is_special = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    let is_plain = |chunk: &&[u8; 16]| !chunk.iter().fold(false, |special, &byte| special | is_special(byte));
    let start = 16 * text.as_chunks().0.iter().take_while(is_plain).count();
    start + text[start..].iter().take_while(|&&byte| !is_special(byte)).count()
}

fn distinct(mut keys: Vec<Cow<'_, str>>) -> Result<(), DataError> {
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(DataError::DuplicateKey(excerpt(&pair[0]))),
        None => Ok(()),
    }
}

/// The protocol's integers have 64 bits with their sign.
fn signed(number: u64) -> Result<i64, DataError> {
    i64::try_from(number).map_err(|_| DataError::NotDagCbor("an integer has more than 64 bits"))
}

impl From<Malformed> for DataError {
    fn from(Malformed(fault): Malformed) -> Self {
        Self::NotDagCbor(fault)
    }
}
