//! What of a labeler's words is kept.

use atproto::{AtUri, Cid, Did};

use crate::timestamp::micros;
use atproto::label::Label;

/// Longest value (`com.atproto.label.defs#label`).
const MAX_VALUE_BYTES: usize = 128;

/// A label that may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Admitted {
    pub(crate) label: Label,
    /// [`Label::cts`], in microseconds: between two labels with the same source, subject and value the later one counts.
    pub(crate) cts_us: i64,
    /// [`Label::exp`], in microseconds.
    pub(crate) exp_us: Option<i64>,
}

/// Why a label is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Said in somebody else's name.
    #[error("src is not the labeler")]
    Source,
    /// About neither an account nor something in a repository, or not under its permanent name.
    #[error("uri must be a DID or at://DID/COLLECTION/RKEY")]
    Subject,
    /// No value, or one that cannot be stored.
    #[error("val must have 1 to {MAX_VALUE_BYTES} bytes, none of them NUL")]
    Value,
    /// Not a CID.
    #[error("cid is none")]
    Cid,
    /// A time that cannot be read.
    #[error("cts and exp must be times as in RFC 3339")]
    Time,
    /// The labeler signs its labels, and this one is not signed.
    #[error("it is not signed")]
    Unsigned,
    /// Signed by somebody else, or changed since.
    #[error("its signature is wrong")]
    Signature,
}

impl Rejection {
    /// A short name for metrics.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Source => "wrong_source",
            Self::Subject => "bad_subject",
            Self::Value => "bad_value",
            Self::Cid => "bad_cid",
            Self::Time => "bad_time",
            Self::Unsigned => "unsigned",
            Self::Signature => "bad_signature",
        }
    }
}

impl Admitted {
    /// A label that `labeler` sent.
    pub(crate) fn new(label: Label, labeler: &Did) -> Result<Self, Rejection> {
        if label.src != labeler.as_str() && !faults::mutant!("labels-said-for-another") {
            return Err(Rejection::Source);
        }
        if !is_subject(&label.uri) {
            return Err(Rejection::Subject);
        }
        // PostgreSQL has no place for NUL.
        if label.val.is_empty() || label.val.len() > MAX_VALUE_BYTES || label.val.contains('\0') {
            return Err(Rejection::Value);
        }
        if label.cid.as_ref().is_some_and(|cid| Cid::parse(cid).is_err()) {
            return Err(Rejection::Cid);
        }
        let cts_us = micros(&label.cts).ok_or(Rejection::Time)?;
        let exp_us = match &label.exp {
            Some(exp) => Some(micros(exp).ok_or(Rejection::Time)?),
            None => None,
        };
        Ok(Self { label, cts_us, exp_us })
    }
}

/// Whether a label that is put in the place of one could be stored.
pub fn check(label: &Label) -> Result<(), Rejection> {
    let labeler = Did::parse(&label.src).map_err(|_| Rejection::Source)?;
    Admitted::new(label.clone(), &labeler).map(drop)
}

fn is_subject(uri: &str) -> bool {
    match AtUri::parse(uri) {
        Ok(uri) => uri.did().is_some(),
        Err(_) => Did::parse(uri).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label() -> Label {
        Label {
            src: "did:plc:labeler".into(),
            uri: "at://did:plc:alice/com.example.note/1".into(),
            cid: None,
            val: "spam".into(),
            neg: false,
            cts: "2026-01-01T00:00:00Z".into(),
            exp: None,
        }
    }

    fn admit(label: Label) -> Result<Admitted, Rejection> {
        Admitted::new(label, &Did::parse("did:plc:labeler").unwrap())
    }

    #[test]
    fn accounts_and_what_is_in_repositories_are_subjects() {
        for uri in ["did:plc:alice", "at://did:plc:alice", "at://did:plc:alice/com.example.note/1"] {
            assert!(admit(Label { uri: uri.into(), ..label() }).is_ok(), "{uri}");
        }
        for uri in
            ["", "https://example.com", "at://alice.example.com/com.example.note/1", "at://did:plc:a/b"]
        {
            assert_eq!(admit(Label { uri: uri.into(), ..label() }), Err(Rejection::Subject), "{uri}");
        }
    }

    #[test]
    fn everything_else_is_checked() {
        for (wrong, rejection) in [
            (Label { src: "did:plc:other".into(), ..label() }, Rejection::Source),
            (Label { val: String::new(), ..label() }, Rejection::Value),
            (Label { val: "x".repeat(129), ..label() }, Rejection::Value),
            (Label { val: "a\0b".into(), ..label() }, Rejection::Value),
            (Label { cid: Some("nope".into()), ..label() }, Rejection::Cid),
            (Label { cts: "today".into(), ..label() }, Rejection::Time),
            (Label { exp: Some("never".into()), ..label() }, Rejection::Time),
        ] {
            assert_eq!(admit(wrong), Err(rejection));
        }
    }
}
