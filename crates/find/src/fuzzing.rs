//! What must hold for whatever strangers ask, for fuzzers; see `fuzz/README.md`.

#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "every function here is a check")]

use crate::index::{Order, Scalar};
use crate::{Arrangement, Direction, Field, Filter, WordQuery, select};

/// A filter, a question for words, a cursor and values: what is accepted is within bounds, and values keep their order as bytes.
pub fn query_filters(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(json) = serde_json::from_str(&text) {
        // What is wrong with it is an error.
        let _ = Filter::parse(&json);
    }
    if let Ok(query) = text.parse::<WordQuery>() {
        assert!(query.terms.iter().any(|term| !term.excluded), "something has to be there");
        let words = query.terms.iter().flat_map(|term| &term.words);
        assert!(
            words.clone().count() > 0
                && words.into_iter().all(|word| word.chars().all(char::is_alphanumeric))
        );
    }
    let field = Field::value("a".parse().expect("it is a path"));
    for order in [Order::Seen, Order::By(field)] {
        let _ = select::check_cursor(&Arrangement::By(order, Direction::Descending), &text);
    }
    let _ = select::check_cursor(&Arrangement::Relevance, &text);
    let (one, other) =
        text.split_at(text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at));
    values(&Scalar::text(one), &Scalar::text(other));
    if let (Some(one), Some(other)) = (Scalar::instant(one), Scalar::instant(other)) {
        values(&one, &other);
    }
    if let (Ok(one), Ok(other)) = (one.parse(), other.parse()) {
        values(&Scalar::Number(one), &Scalar::Number(other));
    }
}

fn values(one: &Scalar, other: &Scalar) {
    let bytes = |scalar: &Scalar| {
        let mut bytes = Vec::new();
        scalar.push_order(&mut bytes);
        bytes
    };
    let (first, second) = (bytes(one), bytes(other));
    assert!(first.len() < 1100, "an index takes it");
    if !one.is_cut() && !other.is_cut() {
        assert_eq!(Some(first.cmp(&second)), one.compare(other), "bytes have the order of values");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_is_asked(input in any::<Vec<u8>>()) {
            super::query_filters(&input);
        }

        #[test]
        fn whatever_looks_like_a_question(text in "[-a\"* é東0-9:.{}TZ]{0,60}") {
            super::query_filters(text.as_bytes());
        }
    }
}
