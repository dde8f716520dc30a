//! The code that a person copies from one screen to another.

use std::fmt;

/// No vowels, so that no words come about; nothing that looks like something else.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

const LENGTH: usize = 8;

/// Eight letters; printed, `WDJB-MJHT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::auth) struct UserCode(String);

impl UserCode {
    pub(super) fn generate() -> Self {
        let letter = || char::from(LETTERS[rand::random_range(0..LETTERS.len())]);
        Self((0..LENGTH).map(|_| letter()).collect())
    }

    /// As people type it: small or capital, with dashes or blanks wherever they like.
    pub(in crate::auth) fn parse(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        let letters = text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase());
        let letters: String = letters.collect();
        let is_code = letters.len() == LENGTH && letters.bytes().all(|letter| LETTERS.contains(&letter));
        is_code.then_some(Self(letters))
    }

    pub(super) fn letters(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LENGTH / 2);
        write!(f, "{first}-{second}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_people_write_it() {
        let code = UserCode::parse("WDJB-MJHT").unwrap();
        assert_eq!(code.to_string(), "WDJB-MJHT");
        for text in ["wdjbmjht", " WDJB MJHT ", "w-d-j-b-m-j-h-t"] {
            assert_eq!(UserCode::parse(text), Some(code.clone()), "{text}");
        }
        for text in ["", "WDJB-MJH", "WDJB-MJHTT", "WDJB-MJHA", "WDJB_MJHT", "WDJB-MJHÄ"] {
            assert_eq!(UserCode::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_generated_is_read() {
        for _ in 0..100 {
            let code = UserCode::generate();
            assert_eq!(UserCode::parse(&code.to_string()), Some(code));
        }
    }
}
