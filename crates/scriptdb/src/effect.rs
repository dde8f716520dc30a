//! Statements that take effect once, however often their script runs.

use aws_lc_rs::digest::{Context, Digest, SHA256};
use data_encoding::HEXLOWER;

use crate::Param;

/// Which statement of which event this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectKey {
    /// Where the event came from.
    pub source: String,
    /// Its number there.
    pub seq: i64,
    /// Which statement of the script's run it is, from 0.
    pub number: u32,
}

impl EffectKey {
    /// A number for it that is hardly another key's too.
    pub(crate) fn lock(&self) -> i64 {
        let mut parts = Parts::new();
        parts.add(0, self.source.as_bytes());
        parts.add(1, &self.seq.to_le_bytes());
        parts.add(2, &self.number.to_le_bytes());
        let digest = parts.finish();
        digest.as_ref().iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
    }
}

/// Tells apart what may be asked for under one key: a script that has changed in between asks for something else.
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
