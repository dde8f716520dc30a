//! Which bytes a class or a set of a pattern stands for.

use super::ESCAPE;

/// `set` with its brackets.
pub(super) fn in_set(set: &[u8], byte: u8) -> bool {
    let inner = &set[1..set.len() - 1];
    let (negated, mut rest) = match inner.split_first() {
        Some((b'^', rest)) => (true, rest),
        _ => (false, inner),
    };
    while let Some((&first, after)) = rest.split_first() {
        let found = match *after {
            [class, ref after @ ..] if first == ESCAPE => {
                rest = after;
                in_class(class, byte)
            }
            [b'-', last, ref after @ ..] => {
                rest = after;
                (first..=last).contains(&byte)
            }
            _ => {
                rest = after;
                first == byte
            }
        };
        if found {
            return !negated;
        }
    }
    negated
}

/// `%a` and the others; the upper-case letter is the complement, and any other byte stands for itself.
pub(super) fn in_class(class: u8, byte: u8) -> bool {
    let within = match class.to_ascii_lowercase() {
        b'a' => byte.is_ascii_alphabetic(),
        b'c' => byte.is_ascii_control(),
        b'd' => byte.is_ascii_digit(),
        b'g' => byte.is_ascii_graphic(),
        b'l' => byte.is_ascii_lowercase(),
        b'p' => byte.is_ascii_punctuation(),
        b's' => matches!(byte, b' ' | b'\t'..=b'\r'),
        b'u' => byte.is_ascii_uppercase(),
        b'w' => byte.is_ascii_alphanumeric(),
        b'x' => byte.is_ascii_hexdigit(),
        _ => return class == byte,
    };
    within != class.is_ascii_uppercase()
}
