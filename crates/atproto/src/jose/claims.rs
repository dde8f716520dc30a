//! Claims that every kind of token has.

use serde_json::Value;

/// Seconds since 1970, whole: fractions, which a `NumericDate` may have (RFC 7519, section 2), are rounded down.
pub(crate) fn numeric_date(claim: &Value) -> Option<i64> {
    /// Beyond it, arithmetic with a tolerance could overflow, and no date means anything.
    const MAX: f64 = 9_007_199_254_740_991.0;

    if let Some(seconds) = claim.as_i64() {
        return Some(seconds).filter(|seconds| seconds.unsigned_abs() < 1 << 53);
    }
    let seconds = claim.as_f64()?.floor();
    #[expect(clippy::cast_possible_truncation, reason = "whole and small enough to be exact")]
    (seconds.abs() <= MAX).then_some(seconds as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_whole_and_broken_seconds() {
        assert_eq!(numeric_date(&json!(1_700_000_000)), Some(1_700_000_000));
        assert_eq!(numeric_date(&json!(1_700_000_000.9)), Some(1_700_000_000));
        for claim in
            [json!(i64::MAX), json!(u64::MAX), json!(i64::MIN), json!(1e300), json!("1"), json!(null)]
        {
            assert_eq!(numeric_date(&claim), None, "{claim}");
        }
    }
}
