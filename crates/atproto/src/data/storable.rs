//! JSON text without the characters databases cannot keep.

use std::borrow::Cow;
use std::ops::Range;

/// Replaces every U+0000 (`\u0000`) and every half of a surrogate pair (`\ud800` without its partner) by U+FFFD, in
/// strings and keys alike.
///
/// PostgreSQL's `jsonb` refuses both, and SQLite's JSON functions cut a string at U+0000. Text that has neither
/// comes back borrowed, after one search for a backslash. Text that is not JSON comes back as something that is not
/// JSON either.
#[must_use]
pub fn storable(json: &str) -> Cow<'_, str> {
    let mut replaced = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(offset) = json.as_bytes()[at..].iter().position(|&byte| byte == b'\\') {
        let escape = Escape::read(json.as_bytes(), at + offset);
        at = escape.range.end;
        if escape.unstorable {
            replaced.push_str(&json[copied..escape.range.start]);
            replaced.push(char::REPLACEMENT_CHARACTER);
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    replaced.push_str(&json[copied..]);
    Cow::Owned(replaced)
}

/// One escape sequence.
struct Escape {
    range: Range<usize>,
    unstorable: bool,
}

impl Escape {
    /// Reads the escape whose backslash is at `start`. One that is cut off or malformed is passed over: it is for
    /// the parser to refuse.
    fn read(json: &[u8], start: usize) -> Self {
        let harmless = |bytes: usize| Self { range: start..json.len().min(start + bytes), unstorable: false };
        match code_unit(json, start) {
            // The escaped character may be any byte of malformed text; a boundary is found again by the caller
            // because only ranges that are replaced are cut.
            None => harmless(2),
            Some(0xd800..=0xdbff) if matches!(code_unit(json, start + 6), Some(0xdc00..=0xdfff)) => {
                harmless(12)
            }
            Some(0 | 0xd800..=0xdfff) => Self { range: start..start + 6, unstorable: true },
            Some(_) => harmless(6),
        }
    }
}

/// The UTF-16 code unit that `\uXXXX` at `start` stands for.
fn code_unit(json: &[u8], start: usize) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = json.get(start..start + 6)? else { return None };
    digits.iter().try_fold(0, |unit: u16, &digit| {
        Some(unit << 4 | u16::try_from(char::from(digit).to_digit(16)?).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_what_databases_refuse() {
        for (json, kept) in [
            (r#"{"a":"x\u0000y"}"#, r#"{"a":"x�y"}"#),
            (r#"{"a\u0000b":1}"#, r#"{"a�b":1}"#),
            (r#"["\u0000\u0000"]"#, r#"["��"]"#),
            (r#"["\ud800"]"#, r#"["�"]"#),
            (r#"["\uDFFF\uD800"]"#, r#"["��"]"#),
            (r#"["\ud800\ud83d\ude00"]"#, r#"["�\ud83d\ude00"]"#),
            (r#"["\\\u0000"]"#, r#"["\\�"]"#),
        ] {
            assert_eq!(storable(json), kept);
        }
    }

    #[test]
    fn leaves_everything_else_alone() {
        for json in [
            r#"{"a":"plain"}"#,
            r#"["\\u0000"]"#,
            r#"["\\\\u0000"]"#,
            r#"["\"\n\u0001\u00e9"]"#,
            r#"["\ud83d\ude00"]"#,
            r#"["\u000"]"#,
            r#"["\u00g0"]"#,
            "\\",
            "\\u",
            "\\é\\u000",
        ] {
            assert!(matches!(storable(json), Cow::Borrowed(same) if same == json), "{json}");
        }
    }
}
