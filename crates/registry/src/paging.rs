//! How long a page is that somebody asks for.

use server::Problem;

/// Entries of a page at most.
const MOST: u32 = 100;

/// The page size, brought into bounds; 400 if it is no number.
pub(crate) fn limit(text: Option<&str>, default: u32) -> Result<u32, Problem> {
    let Some(text) = text else { return Ok(default) };
    let is_number = !text.is_empty() && text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    let refused = || Problem::bad_request(format!("`limit` is a number from 1 to {MOST}"));
    let number: u64 = if is_number { text.parse().map_err(|_| refused())? } else { return Err(refused()) };
    Ok(u32::try_from(number).unwrap_or(MOST).clamp(1, MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_for_there_is_a_bound() {
        for (text, expected) in
            [(None, 30), (Some("1"), 1), (Some("0"), 1), (Some("101"), 100), (Some("9999999999"), 100)]
        {
            assert_eq!(limit(text, 30).unwrap(), expected, "{text:?}");
        }
        for text in ["", "-1", "+1", "x", "1.5", "99999999999"] {
            assert_eq!(limit(Some(text), 30).unwrap_err().status.as_u16(), 400, "{text:?}");
        }
    }
}
