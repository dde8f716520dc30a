//! Page sizes and cursors of every list.

use std::num::IntErrorKind;

use records::Position;
use server::Problem;

const DEFAULT_LIMIT: u32 = 20;
const MAX_LIMIT: i64 = 100;

/// The page size: 20 if absent, brought into 1 to 100; 400 if it is no integer.
pub(crate) fn limit(text: Option<&str>) -> Result<u32, Problem> {
    limit_or(text, DEFAULT_LIMIT)
}

/// The same with another default.
pub(crate) fn limit_or(text: Option<&str>, default: u32) -> Result<u32, Problem> {
    let Some(text) = text else { return Ok(default) };
    let limit = text.parse::<i64>().or_else(|error| match error.kind() {
        IntErrorKind::PosOverflow => Ok(i64::MAX),
        IntErrorKind::NegOverflow => Ok(i64::MIN),
        _ => Err(Problem::bad_request("limit must be an integer from 1 to 100")),
    })?;
    Ok(u32::try_from(limit.clamp(1, MAX_LIMIT)).unwrap_or(default))
}

/// Where the previous page ended; 400 if it is nothing this server gave out.
pub(crate) fn cursor(text: Option<&str>) -> Result<Option<Position>, Problem> {
    text.map(str::parse).transpose().map_err(|error: records::Error| Problem::bad_request(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_clamped() {
        for (text, expected) in [
            (None, 20),
            (Some("1"), 1),
            (Some("0"), 1),
            (Some("-1"), 1),
            (Some("100"), 100),
            (Some("1000"), 100),
            (Some("99999999999999999999"), 100),
            (Some("-99999999999999999999"), 1),
        ] {
            assert_eq!(limit(text).unwrap(), expected, "{text:?}");
        }
        for text in ["abc", "", "2.5", "1e2", " 1", "٣"] {
            assert_eq!(limit(Some(text)).unwrap_err().status.as_u16(), 400, "{text:?}");
        }
    }
}
