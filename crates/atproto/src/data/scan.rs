//! One pass over untrusted JSON that finds what makes it unacceptable and collects its references.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::record::MAX_REF_BYTES;
use super::{DataError, Limits};
use crate::excerpt::excerpt;

/// Prefix of the keys by which the JSON library smuggles raw JSON and big numbers through serde.
pub(super) const RESERVED_KEYS: &str = "$serde_json::private::";

/// What a document contains.
#[derive(Debug, Default)]
pub(super) struct Scan<'t> {
    /// Every string value that begins with `at://`, sorted and distinct.
    pub(super) refs: Vec<Cow<'t, str>>,
    /// Whether a number is written as a fraction, with an exponent, or beyond 64 bits.
    pub(super) has_floats: bool,
}

/// Checks that `text` is one JSON object within `limits` that every reader understands alike.
pub(super) fn scan<'t>(text: &'t str, limits: &Limits) -> Result<Scan<'t>, DataError> {
    check_size(text.len(), limits)?;
    let mut scanner = Scanner {
        found: Scan::default(),
        keys: Vec::with_capacity(16),
        depth: 0,
        max_depth: limits.depth.min(Limits::MAX_DEPTH),
        refusal: None,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let end = ValueScan(&mut scanner).deserialize(&mut json).and_then(|()| json.end());
    if let Some(refusal) = scanner.refusal {
        return Err(refusal);
    }
    end.map_err(|error| not_json(&error))?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(DataError::NotAnObject);
    }
    let mut found = scanner.found;
    found.refs.sort_unstable();
    found.refs.dedup();
    Ok(found)
}

/// The check to make before anything looks at the bytes.
pub(crate) fn check_size(bytes: usize, limits: &Limits) -> Result<(), DataError> {
    if bytes > limits.bytes {
        return Err(DataError::TooLarge { bytes, limit: limits.bytes });
    }
    Ok(())
}

/// What the parser says, in short.
pub(super) fn not_json(error: &serde_json::Error) -> DataError {
    DataError::NotJson(excerpt(&error.to_string()))
}

struct Scanner<'t> {
    found: Scan<'t>,
    /// Keys of the objects being read, the innermost object's last.
    keys: Vec<Cow<'t, str>>,
    depth: usize,
    max_depth: usize,
    /// Set when the scan stops for a reason of ours: the parser's error type cannot carry it.
    refusal: Option<DataError>,
}

impl<'t> Scanner<'t> {
    fn refuse<E: Error>(&mut self, refusal: DataError) -> E {
        self.refusal = Some(refusal);
        E::custom("refused")
    }

    fn enter<E: Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        if self.depth > self.max_depth {
            return Err(self.refuse(DataError::TooDeep { limit: self.max_depth }));
        }
        Ok(())
    }

    fn string(&mut self, string: Cow<'t, str>) {
        if string.starts_with("at://") && string.len() <= MAX_REF_BYTES {
            self.found.refs.push(string);
        }
    }

    /// Forgets the keys of the object whose first key is `keys[first]`, unless one of them appears twice.
    fn leave_object<E: Error>(&mut self, first: usize) -> Result<(), E> {
        let keys = &mut self.keys[first..];
        keys.sort_unstable();
        let twice = keys.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| excerpt(&pair[0]));
        self.keys.truncate(first);
        self.depth -= 1;
        match twice {
            Some(key) => Err(self.refuse(DataError::DuplicateKey(key))),
            None => Ok(()),
        }
    }
}

/// Reads one value of any type.
struct ValueScan<'s, 't>(&'s mut Scanner<'t>);

impl<'t> DeserializeSeed<'t> for ValueScan<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for ValueScan<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.0.found.has_floats = true;
        Ok(())
    }

    fn visit_borrowed_str<E>(self, string: &'t str) -> Result<(), E> {
        self.0.string(Cow::Borrowed(string));
        Ok(())
    }

    fn visit_str<E>(self, string: &str) -> Result<(), E> {
        self.0.string(Cow::Owned(string.to_owned()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut items: A) -> Result<(), A::Error> {
        let scanner = self.0;
        scanner.enter()?;
        while items.next_element_seed(ValueScan(scanner))?.is_some() {}
        scanner.depth -= 1;
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<(), A::Error> {
        let scanner = self.0;
        scanner.enter()?;
        let first = scanner.keys.len();
        while members.next_key_seed(KeyScan(scanner))?.is_some() {
            members.next_value_seed(ValueScan(scanner))?;
        }
        scanner.leave_object(first)
    }
}

/// Reads one key of an object.
struct KeyScan<'s, 't>(&'s mut Scanner<'t>);

impl<'t> KeyScan<'_, 't> {
    fn key<E: Error>(self, key: Cow<'t, str>) -> Result<(), E> {
        if key.starts_with(RESERVED_KEYS) {
            return Err(self.0.refuse(DataError::ReservedKey(excerpt(&key))));
        }
        self.0.keys.push(key);
        Ok(())
    }
}

impl<'t> DeserializeSeed<'t> for KeyScan<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t> Visitor<'t> for KeyScan<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'t str) -> Result<(), E> {
        self.key(Cow::Borrowed(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        self.key(Cow::Owned(key.to_owned()))
    }
}
