//! Short quotations of untrusted text for error messages and logs.

/// Bytes of foreign text an error message repeats at most.
const MAX_BYTES: usize = 80;

/// The beginning of `text`, with an ellipsis if something was cut off. Control characters are replaced: quoted, each
/// would become six, and unquoted, a line break could forge a line of a log.
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
    fn cuts_long_text_at_a_character_boundary() {
        assert_eq!(excerpt("short"), "short");
        let long = "ö".repeat(100);
        let cut = excerpt(&format!("a{long}"));
        assert!(cut.len() <= MAX_BYTES + '…'.len_utf8());
        assert!(cut.ends_with("ö…"));
    }

    #[test]
    fn stays_on_one_line() {
        assert_eq!(excerpt("a\nb\u{16}"), "a\u{fffd}b\u{fffd}");
    }
}
