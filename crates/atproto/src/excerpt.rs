//! Short quotations of untrusted text for error messages and logs.

/// Bytes of foreign text an error message repeats at most.
const MAX_BYTES: usize = 80;

/// The beginning of `text`, with an ellipsis if something was cut off.
pub(crate) fn excerpt(text: &str) -> String {
    if text.len() <= MAX_BYTES {
        return text.to_owned();
    }
    let mut excerpt = text[..text.floor_char_boundary(MAX_BYTES)].to_owned();
    excerpt.push('…');
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
}
