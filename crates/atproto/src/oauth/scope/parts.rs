//! The syntax all scopes with parameters share: `resource:positional?name=value&name=value`.

use std::borrow::Cow;

/// A scope taken apart; what its parts mean depends on the resource.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts<'s> {
    pub(super) resource: &'s str,
    positional: Option<String>,
    params: Vec<(String, String)>,
}

impl<'s> Parts<'s> {
    /// The rule that is broken is returned as an error.
    pub(super) fn parse(scope: &'s str) -> Result<Self, &'static str> {
        if !scope.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("it must consist of visible ASCII characters");
        }
        let (head, query) = scope.split_once('?').unwrap_or((scope, ""));
        let (resource, positional) = head.split_once(':').unwrap_or((head, ""));
        let mut params = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            params.push((decode(name)?.into_owned(), decode(value)?.into_owned()));
        }
        let positional = if positional.is_empty() { None } else { Some(decode(positional)?.into_owned()) };
        Ok(Self { resource, positional, params })
    }

    /// Takes all values of the parameter that may also stand in the position after the colon.
    pub(super) fn take_positional(&mut self, name: &str) -> Result<Vec<String>, &'static str> {
        let named = self.take(name);
        match self.positional.take() {
            None => Ok(named),
            Some(value) if named.is_empty() => Ok(vec![value]),
            Some(_) => Err("a value must not stand both after the colon and in a parameter"),
        }
    }

    /// Takes all values of a parameter.
    pub(super) fn take(&mut self, name: &str) -> Vec<String> {
        self.params.extract_if(.., |(key, _)| key == name).map(|(_, value)| value).collect()
    }

    /// Takes the only value of a parameter.
    pub(super) fn take_one(&mut self, name: &str) -> Result<Option<String>, &'static str> {
        at_most_one(self.take(name))
    }

    /// Checks that no parameter is left, which would mean nothing.
    pub(super) fn finish(self) -> Result<(), &'static str> {
        if self.params.is_empty() { Ok(()) } else { Err("it has parameters that mean nothing") }
    }
}

pub(super) fn at_most_one(values: Vec<String>) -> Result<Option<String>, &'static str> {
    match <[String; 1]>::try_from(values) {
        Ok([value]) => Ok(Some(value)),
        Err(values) if values.is_empty() => Ok(None),
        Err(_) => Err("a parameter is repeated that must not be"),
    }
}

/// Decodes `%XX`. A plus sign stays one: it is part of media types, and no value has spaces.
fn decode(text: &str) -> Result<Cow<'_, str>, &'static str> {
    if !text.contains('%') {
        return Ok(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%' {
            let digit = |at: usize| tail.get(at).and_then(|&byte| char::from(byte).to_digit(16));
            let (Some(high), Some(low)) = (digit(0), digit(1)) else {
                return Err("a percent sign must be followed by two hexadecimal digits");
            };
            bytes.push(u8::try_from(high << 4 | low).unwrap_or_default());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| "its percent-encoded bytes are not UTF-8")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    #[test]
    fn agrees_with_the_vectors() {
        let vectors = include_str!("../../../tests/data/scopes/generic_scopes_valid.json");
        let vectors: Vec<Value> = serde_json::from_str(vectors).unwrap();
        assert!(vectors.len() > 10);
        for vector in vectors {
            let scope = vector["scope"].as_str().unwrap();
            let parts = Parts::parse(scope).unwrap();
            let expected = &vector["generic"];
            assert_eq!(parts.resource, expected["resource"], "{scope}");
            assert_eq!(parts.positional.as_deref().unwrap_or_default(), expected["positional"], "{scope}");
            let mut params: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (name, value) in parts.params {
                params.entry(name).or_default().push(value);
            }
            assert_eq!(serde_json::to_value(params).unwrap(), expected["params"], "{scope}");
        }
    }

    #[test]
    fn refuses_the_invalid_vectors() {
        let vectors = include_str!("../../../tests/data/scopes/generic_scopes_invalid.txt");
        assert_eq!(vectors.lines().filter(|scope| Parts::parse(scope).is_err()).count(), 2);
    }

    #[test]
    fn percent_signs_encode_text() {
        assert_eq!(decode("a%2Fb%c3%B6+").as_deref(), Ok("a/bö+"));
        for text in ["%", "%4", "%4g", "%+1", "%ff"] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
