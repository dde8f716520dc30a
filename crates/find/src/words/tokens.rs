//! Texts as words, in the form in which they are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of a word that decide about it.
const MAX_CHARS: usize = 64;

/// The words of a text: runs of letters and digits, without case and accents. Where a script puts no spaces between words,
/// each of its characters is one.
///
/// The two engines would take texts apart in two ways, so neither of them does.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    let mut chars =
        text.nfkd().filter(|char| !is_combining_mark(*char)).flat_map(char::to_lowercase).peekable();
    std::iter::from_fn(move || {
        while chars.next_if(|char| !char.is_alphanumeric()).is_some() {}
        let first = chars.next()?;
        let mut word = String::from(first);
        if stands_alone(first) {
            return Some(word);
        }
        let mut length = 1;
        while let Some(char) = chars.next_if(|char| belongs(*char)) {
            if length < MAX_CHARS && !is_combining_mark(char) {
                word.push(char);
                length += 1;
            }
        }
        Some(word)
    })
}

/// Whether a character goes on with a word. Turning a letter into its small one can bring a mark forth.
fn belongs(char: char) -> bool {
    (char.is_alphanumeric() && !stands_alone(char)) || is_combining_mark(char)
}

/// Whether it is of a script without spaces: Thai to Khmer, Kana, Han.
fn stands_alone(char: char) -> bool {
    matches!(char,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Vec<String> {
        words(text).collect()
    }

    #[test]
    fn case_accents_and_punctuation_do_not_count() {
        assert_eq!(of("Déjà-vu, İSTANBUL: ﬁn ²!"), ["deja", "vu", "istanbul", "fin", "2"]);
        assert_eq!(of("e\u{301}té"), ["ete"]);
        assert_eq!(of("it's #rust @alice.example"), ["it", "s", "rust", "alice", "example"]);
        assert!(of(" … \u{301} ").is_empty());
    }

    #[test]
    fn without_spaces_each_character_is_a_word() {
        assert_eq!(of("東京 tower"), ["東", "京", "tower"]);
        assert_eq!(of("abc東d"), ["abc", "東", "d"]);
        assert_eq!(of("한국 뉴스").len(), 2);
    }

    proptest! {
        /// What a database is given has nothing in it that means something there.
        #[test]
        fn words_are_made_of_letters_and_digits(text in any::<String>()) {
            for word in words(&text) {
                prop_assert!(!word.is_empty() && word.chars().count() <= MAX_CHARS);
                prop_assert!(word.chars().all(char::is_alphanumeric), "{:?}", word);
                prop_assert_eq!(of(&word).concat(), word);
            }
        }
    }
}
