//! The words that a repository is found by.

use std::collections::BTreeMap;

use store::{Conn, Engine, Value, v};

/// Words of one repository, and bytes of each.
const MAX_WORDS: usize = 64;
const MAX_BYTES: usize = 64;

/// How much a word says, by where it stands.
const NAME: i64 = 8;
const TITLE: i64 = 4;
const DESCRIPTION: i64 = 1;

/// The words of a text: letters and digits in lower case, without what is between them.
pub(super) fn split(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| {
        let mut word = word.to_lowercase();
        word.truncate(word.floor_char_boundary(MAX_BYTES));
        word
    })
}

/// The words of a repository and how much each says: those of its name, and the first of what is said about it.
pub(super) fn of(repository: &str, title: Option<&str>, description: Option<&str>) -> BTreeMap<String, i64> {
    let mut words = BTreeMap::new();
    let name = split(repository).map(|word| (word, NAME));
    let title = title.into_iter().flat_map(split).map(|word| (word, TITLE));
    let description = description.into_iter().flat_map(split).map(|word| (word, DESCRIPTION));
    for (word, weight) in name.chain(title).chain(description) {
        if words.len() >= MAX_WORDS && !words.contains_key(&word) {
            break;
        }
        let known: &mut i64 = words.entry(word).or_default();
        *known = weight.max(*known);
    }
    words
}

/// Puts them in the place of those that were there.
pub(super) fn write(
    conn: &mut Conn<'_>,
    of: &[Value<'_>; 2],
    words: &BTreeMap<String, i64>,
) -> Result<(), store::Error> {
    conn.execute("DELETE FROM registry_words WHERE did = $1 AND repository = $2", of)?;
    let written: Vec<_> = words.iter().map(|(word, weight)| serde_json::json!([word, weight])).collect();
    let written = serde_json::Value::from(written).to_string();
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "INSERT INTO registry_words (did, repository, word, weight)
            SELECT $1, $2, value->>0, value->>1 FROM json_each($3)"
        }
        Engine::Postgres => {
            "INSERT INTO registry_words (did, repository, word, weight)
            SELECT $1, $2, value->>0, (value->>1)::bigint FROM jsonb_array_elements($3::text::jsonb) AS word (value)"
        }
    };
    let [did, repository] = *of;
    conn.execute(sql, &[did, repository, v(&written)]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_where_it_says_most_and_there_are_not_too_many() {
        let words = of("team/my-app", Some("My App"), Some("the App of Ærø"));
        assert_eq!((words["app"], words["the"], words["ærø"], words["team"]), (NAME, 1, 1, NAME));
        let long = (0..1000).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        assert_eq!(of("app", None, Some(&long)).len(), MAX_WORDS);
        assert!(of(&"a".repeat(255), None, None).keys().all(|word| word.len() <= MAX_BYTES));
    }
}
