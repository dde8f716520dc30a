//! Statements that take effect once, however often their script runs.

use aws_lc_rs::digest::{Context, Digest, SHA256};
use data_encoding::HEXLOWER;

use crate::Param;
use crate::statement::{Kind, Statement};

/// Which statement of which event this is. With its text and values it names one effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectKey {
    /// The event.
    pub source: String,
    /// Which try of the event. What was only read is forgotten with the try, so that the next one sees what has come since.
    pub attempt: u32,
    /// How often the run has asked for the same with the same values before.
    pub number: u32,
}

/// What is remembered of a statement.
pub(crate) struct Effect {
    /// The event; for what only reads, the try.
    pub(crate) source: String,
    /// Of text and values: a script that has changed in between asks for something else.
    pub(crate) fingerprint: String,
    pub(crate) number: u32,
}

impl Effect {
    pub(crate) fn new(key: &EffectKey, statement: &Statement, params: &[Param]) -> Self {
        let EffectKey { source, attempt, number } = key;
        let source = match statement.kind {
            Kind::Read => format!("{source}\n{attempt}"),
            _ if faults::mutant!("scriptdb-effect-twice") => format!("{source}\n{attempt}"),
            _ => source.clone(),
        };
        Self { source, fingerprint: fingerprint(&statement.sql, params), number: *number }
    }

    /// A number for it that is hardly another one's too.
    pub(crate) fn lock(&self) -> i64 {
        let mut parts = Parts::new();
        parts.add(0, self.source.as_bytes());
        parts.add(1, self.fingerprint.as_bytes());
        parts.add(2, &self.number.to_le_bytes());
        let digest = parts.finish();
        digest.as_ref().iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
    }
}

/// Tells statements and their values apart.
pub(crate) fn fingerprint(sql: &str, params: &[Param]) -> String {
    let mut parts = Parts::new();
    parts.add(0, sql.as_bytes());
    for param in params {
        match param {
            Param::Null => parts.add(1, &[]),
            Param::Bool(value) => parts.add(2, &[u8::from(*value)]),
            Param::Int(value) => parts.add(3, &value.to_le_bytes()),
            Param::Real(value) => parts.add(4, &value.to_le_bytes()),
            Param::Text(value) => parts.add(5, value.as_bytes()),
        }
    }
    HEXLOWER.encode(parts.finish().as_ref())
}

/// A hash of parts that cannot run into each other.
struct Parts(Context);

impl Parts {
    fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    fn add(&mut self, kind: u8, bytes: &[u8]) {
        self.0.update(&[kind]);
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn finish(self) -> Digest {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_differs_has_another_fingerprint() {
        let all = [
            fingerprint("SELECT 1", &[]),
            fingerprint("SELECT 2", &[]),
            fingerprint("SELECT 1", &[Param::Null]),
            fingerprint("SELECT 1", &[1.into()]),
            fingerprint("SELECT 1", &[1.0.into()]),
            fingerprint("SELECT 1", &["1".into()]),
            fingerprint("SELECT 1", &["ab".into(), "c".into()]),
            fingerprint("SELECT 1", &["a".into(), "bc".into()]),
        ];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
        assert_eq!(all[0], fingerprint("SELECT 1", &[]));
    }
}
