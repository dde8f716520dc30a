//! The pieces of a statement.

/// One piece, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A keyword or a name without quotes, in lower case.
    Word(String),
    /// A name in quotes of any kind, without them.
    Quoted(String),
    /// A string.
    Text(String),
    /// `$n` or `?n` with its number, or `?`.
    Parameter(Option<usize>),
    /// A number.
    Number,
    /// Any other character.
    Symbol(char),
}

impl Token {
    /// The keyword, if it can be one.
    pub(crate) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub(crate) fn is_one_of(&self, words: &[&str]) -> bool {
        self.word().is_some_and(|word| words.contains(&word))
    }

    /// What it names where a name is expected, in lower case; SQLite takes a string there too.
    pub(crate) fn named(&self) -> Option<String> {
        match self {
            Self::Word(name) | Self::Quoted(name) | Self::Text(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        }
    }
}
