//! What a full-text table is asked for a text.

use std::collections::BTreeSet;

/// Pieces that are asked for: more of them cost more than they exclude.
const MAX_TERMS: usize = 24;

/// A full-text query for the records that have all pieces of three characters of the text; `None` if it is shorter.
pub(crate) fn terms(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let pieces: BTreeSet<String> =
        chars.windows(3).take(MAX_TERMS).map(|piece| piece.iter().collect()).collect();
    let quoted: Vec<String> =
        pieces.iter().map(|piece| format!("\"{}\"", piece.replace('"', "\"\""))).collect();
    (!quoted.is_empty()).then(|| quoted.join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_consists_of_overlapping_pieces() {
        assert_eq!(terms("é"), None);
        assert_eq!(terms("ab"), None);
        assert_eq!(terms("abc").as_deref(), Some("\"abc\""));
        assert_eq!(terms("a\"éa\"é").as_deref(), Some("\"\"\"éa\" AND \"a\"\"é\" AND \"éa\"\"\""));
        assert_eq!(terms(&"x".repeat(1000)).as_deref(), Some("\"xxx\""));
    }
}
