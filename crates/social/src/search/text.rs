//! What somebody looks for.

use crate::Error;

/// Characters of a question.
const MAX_CHARACTERS: usize = 200;

/// Words of it.
const MAX_WORDS: usize = 10;

/// Shorter words are in no index.
const PIECE: usize = 3;

/// Words, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// Takes a question to pieces.
    pub fn read(question: &str) -> Result<Self, Error> {
        let question = question.trim();
        if question.is_empty() || question.chars().count() > MAX_CHARACTERS || question.contains('\0') {
            return Err(Error::BadRequest(format!("q has 1 to {MAX_CHARACTERS} characters")));
        }
        let words = question.split_whitespace().take(MAX_WORDS).map(str::to_lowercase);
        Ok(Self(words.collect()))
    }

    /// The whole, if it may be the handle of somebody: in lower case, without the sign in front.
    pub(super) fn handle(&self) -> &str {
        match &*self.0 {
            [one] => one.trim_start_matches('@'),
            _ => "",
        }
    }

    /// Whether an index helps.
    pub(super) fn are_indexed(&self) -> bool {
        self.0.iter().any(|word| word.chars().count() >= PIECE)
    }

    /// As a question of SQLite's full-text index: what it has of them.
    pub(super) fn matching(&self) -> String {
        let long = self.0.iter().filter(|word| word.chars().count() >= PIECE);
        let quoted = long.map(|word| format!("\"{}\"", word.replace('"', "\"\"")));
        quoted.collect::<Vec<_>>().join(" AND ")
    }

    /// Patterns of `LIKE`, with `\` before what would mean something else.
    pub(super) fn patterns(&self) -> Vec<String> {
        let escaped = |word: &String| {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("%{escaped}%")
        };
        self.0.iter().map(escaped).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_as_they_are() {
        let words = Words::read("  Hello \"w%rld\\ _a ").unwrap();
        assert_eq!(words.matching(), "\"hello\" AND \"\"\"w%rld\\\"");
        assert_eq!(words.patterns(), ["%hello%", "%\"w\\%rld\\\\%", "%\\_a%"]);
        assert!(words.are_indexed() && !Words::read("ab c").unwrap().are_indexed());
        for bad in ["", "   ", &"x".repeat(201), "a\0b"] {
            assert!(Words::read(bad).is_err(), "{bad:?}");
        }
    }
}
