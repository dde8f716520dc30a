//! Labels as a labeler writes them, encoded and signed by other means than those under test.

use atproto::crypto::PrivateKey;
use data_encoding::BASE64_NOPAD;
use serde_json::{Value as Json, json};
use shrike::cbor::{Value, encode_value};

/// A label, right in every respect but what a test changes.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// Who says it.
    pub src: String,
    /// Of what.
    pub uri: String,
    /// Of which version of it.
    pub cid: Option<String>,
    /// The word.
    pub val: String,
    /// Whether it takes the word back.
    pub neg: bool,
    /// When it was said.
    pub cts: String,
    /// Until when it holds.
    pub exp: Option<String>,
}

/// Something in a repository or an account is called a word; at minute 0.
#[must_use]
pub fn say(src: &str, uri: &str, val: &str) -> Spoken {
    Spoken { src: src.into(), uri: uri.into(), cid: None, val: val.into(), neg: false, cts: at(0), exp: None }
}

/// A minute of an hour that has passed.
#[must_use]
pub fn at(minute: u32) -> String {
    format!("2026-01-01T00:{minute:02}:00.000Z")
}

impl Spoken {
    /// The word is taken back.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { neg: true, ..self }
    }

    /// At another minute.
    #[must_use]
    pub fn at(self, minute: u32) -> Self {
        Self { cts: at(minute), ..self }
    }

    /// Of one version of its subject.
    #[must_use]
    pub fn of_version(self, cid: &str) -> Self {
        Self { cid: Some(cid.into()), ..self }
    }

    /// It holds until then.
    #[must_use]
    pub fn until(self, exp: &str) -> Self {
        Self { exp: Some(exp.into()), ..self }
    }

    /// Everything but the signature, in the order of DAG-CBOR.
    fn fields(&self) -> Vec<(&str, Value<'_>)> {
        let mut fields: Vec<_> =
            self.cid.as_deref().map(|cid| ("cid", Value::Text(cid))).into_iter().collect();
        fields.push(("cts", Value::Text(&self.cts)));
        fields.extend(self.exp.as_deref().map(|exp| ("exp", Value::Text(exp))));
        fields.extend(self.neg.then_some(("neg", Value::Bool(true))));
        let texts = [("src", &self.src), ("uri", &self.uri), ("val", &self.val)];
        fields.extend(texts.map(|(key, text)| (key, Value::Text(text))));
        fields.push(("ver", Value::Unsigned(1)));
        fields
    }

    /// Of the label in its signed form.
    #[must_use]
    pub fn signature(&self, key: &PrivateKey) -> Vec<u8> {
        key.sign(&encode_value(&Value::Map(self.fields())).expect("what a test says is right")).to_vec()
    }

    /// As `com.atproto.label.queryLabels` has it.
    #[must_use]
    pub fn json(&self, key: Option<&PrivateKey>) -> Json {
        let mut label = json!({
            "ver": 1, "src": self.src, "uri": self.uri, "val": self.val, "neg": self.neg, "cts": self.cts,
        });
        for (name, value) in [("cid", &self.cid), ("exp", &self.exp)] {
            if let Some(value) = value {
                label[name] = value.as_str().into();
            }
        }
        if let Some(key) = key {
            label["sig"] = json!({ "$bytes": BASE64_NOPAD.encode(&self.signature(key)) });
        }
        label
    }
}

/// `#labels` number `seq`.
#[must_use]
pub fn labels(seq: u64, labels: &[Spoken], key: Option<&PrivateKey>) -> Vec<u8> {
    let signatures: Vec<_> = labels.iter().map(|label| key.map(|key| label.signature(key))).collect();
    let maps = labels.iter().zip(&signatures).map(|(label, signature)| {
        let mut fields = label.fields();
        if let Some(signature) = signature {
            let before = fields.iter().position(|(key, _)| *key == "src").expect("what a test says is right");
            fields.insert(before, ("sig", Value::Bytes(signature)));
        }
        Value::Map(fields)
    });
    let body = Value::Map(vec![("seq", Value::Unsigned(seq)), ("labels", Value::Array(maps.collect()))]);
    message("#labels", &body)
}

/// A message of a type.
#[must_use]
pub fn message(kind: &str, body: &Value<'_>) -> Vec<u8> {
    let header = Value::Map(vec![("t", Value::Text(kind)), ("op", Value::Unsigned(1))]);
    [
        encode_value(&header).expect("what a test says is right"),
        encode_value(body).expect("what a test says is right"),
    ]
    .concat()
}

/// An error, with which a stream ends.
#[must_use]
pub fn error(name: &str) -> Vec<u8> {
    let header = Value::Map(vec![("op", Value::Signed(-1))]);
    let body = Value::Map(vec![("error", Value::Text(name)), ("message", Value::Text("as planned"))]);
    [
        encode_value(&header).expect("what a test says is right"),
        encode_value(&body).expect("what a test says is right"),
    ]
    .concat()
}
