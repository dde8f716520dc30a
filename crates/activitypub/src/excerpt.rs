//! Short quotations of untrusted text for error messages.

/// Bytes of foreign text an error message repeats at most.
const MAX_BYTES: usize = 80;

/// The beginning of `text`, with an ellipsis if something was cut off. Control characters are replaced, so that none
/// forges a line of a log.
pub(crate) fn excerpt(text: &str) -> String {
    let kept = &text[..text.floor_char_boundary(MAX_BYTES)];
    let mut excerpt = kept.replace(char::is_control, "\u{fffd}");
    if kept.len() < text.len() {
        excerpt.push('…');
    }
    excerpt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_short_and_on_one_line() {
        assert_eq!(excerpt("a\nb"), "a\u{fffd}b");
        let cut = excerpt(&format!("a{}", "ö".repeat(100)));
        assert!(cut.len() <= MAX_BYTES + '…'.len_utf8() && cut.ends_with("ö…"));
    }
}
