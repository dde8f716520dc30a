//! What somebody looks for by words.

use super::tokens::words;

/// Bytes of a question.
pub const MAX_QUERY_BYTES: usize = 512;

/// Words and phrases of one question.
const MAX_TERMS: usize = 16;

/// Words of a phrase.
const MAX_PHRASE: usize = 16;

/// A question for words: `fast "cargo build" comp* -java`.
///
/// Every word must be there; words in double quotes one after the other; a word with `*` behind it may go on; what has `-`
/// before it must not be there. A word is what [`words`] takes for one: something with characters in between that are none,
/// such as `alice.example`, is a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordQuery {
    pub(crate) terms: Vec<Term>,
}

/// A word or a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// One after the other; never empty.
    pub(crate) words: Vec<String>,
    /// The last of them is the beginning of a word.
    pub(crate) goes_on: bool,
    /// It must not be there.
    pub(crate) excluded: bool,
}

/// A text that asks for nothing, or for too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWords {
    /// Nothing that has to be there.
    #[error("there is no word to look for")]
    Empty,
    /// More than a question may have.
    #[error(
        "at most {MAX_TERMS} words and phrases, each phrase of at most {MAX_PHRASE} words, in {MAX_QUERY_BYTES} bytes"
    )]
    TooLong,
}

impl std::str::FromStr for WordQuery {
    type Err = InvalidWords;

    fn from_str(text: &str) -> Result<Self, InvalidWords> {
        if text.len() > MAX_QUERY_BYTES {
            return Err(InvalidWords::TooLong);
        }
        let mut terms: Vec<Term> = Vec::new();
        let mut rest = text;
        while let Some((piece, after)) = next(rest) {
            rest = after;
            if let Some(term) = piece.term()
                && !terms.contains(&term)
            {
                terms.push(term);
            }
        }
        if terms.len() > MAX_TERMS || terms.iter().any(|term| term.words.len() > MAX_PHRASE) {
            return Err(InvalidWords::TooLong);
        }
        if terms.iter().all(|term| term.excluded) {
            return Err(InvalidWords::Empty);
        }
        Ok(Self { terms })
    }
}

struct Piece<'t> {
    text: &'t str,
    excluded: bool,
    goes_on: bool,
}

impl Piece<'_> {
    fn term(&self) -> Option<Term> {
        let words: Vec<String> = words(self.text).collect();
        (!words.is_empty()).then_some(Term { words, goes_on: self.goes_on, excluded: self.excluded })
    }
}

/// What comes first, and the rest. A quotation that does not end goes on to the end.
fn next(text: &str) -> Option<(Piece<'_>, &str)> {
    let text = text.trim_start();
    if text.is_empty() {
        return None;
    }
    let (excluded, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    if let Some(quoted) = text.strip_prefix('"') {
        let (inside, after) = quoted.split_once('"').unwrap_or((quoted, ""));
        return Some((Piece { text: inside, excluded, goes_on: false }, after));
    }
    let end = text.find(|char: char| char.is_whitespace() || char == '"').unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    // A star that has no word before it says nothing.
    let goes_on = word.strip_suffix('*').is_some_and(|word| word.ends_with(char::is_alphanumeric));
    Some((Piece { text: word, excluded, goes_on }, after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Vec<String> {
        let shown = |term: &Term| {
            let (no, more) = (if term.excluded { "-" } else { "" }, if term.goes_on { "*" } else { "" });
            format!("{no}{}{more}", term.words.join("+"))
        };
        text.parse::<WordQuery>().unwrap().terms.iter().map(shown).collect()
    }

    #[test]
    fn words_phrases_beginnings_and_exclusions() {
        assert_eq!(parsed("Fast \"Cargo  Build\" comp* -java"), ["fast", "cargo+build", "comp*", "-java"]);
        assert_eq!(parsed("alice.example -\"a b\" a a"), ["alice+example", "-a+b", "a"]);
        assert_eq!(parsed("\"never closed"), ["never+closed"]);
        assert_eq!(parsed("a\"b c\"d"), ["a", "b+c", "d"]);
        assert_eq!(parsed("* x *** AND OR NEAR(y) col:z"), ["x", "and", "or", "near+y", "col+z"]);
        assert_eq!(parsed("東京"), ["東+京"]);
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        for text in ["", " ", "\"\"", "-a", "-\"a b\"", "*", "…"] {
            assert_eq!(text.parse::<WordQuery>(), Err(InvalidWords::Empty), "{text:?}");
        }
        let many: Vec<String> = (0..17).map(|number| number.to_string()).collect();
        for text in [many.join(" "), many.join("-"), "a".repeat(513)] {
            assert_eq!(text.parse::<WordQuery>(), Err(InvalidWords::TooLong), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_within_bounds(text in any::<String>()) {
            if let Ok(query) = text.parse::<WordQuery>() {
                prop_assert!(query.terms.len() <= MAX_TERMS && query.terms.iter().any(|term| !term.excluded));
                prop_assert!(query.terms.iter().all(|term| !term.words.is_empty()));
            }
        }
    }
}
