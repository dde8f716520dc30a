//! What rules are about: elements of the profile, and never anything beside it.

use cssparser::{CowRcStr, Token};

use super::piece::{Piece, by_comma, trim, write};

/// Pseudo-classes that say nothing of where somebody has been, and reach nothing.
const STATES: [&str; 17] = [
    "active",
    "any-link",
    "checked",
    "disabled",
    "empty",
    "enabled",
    "first-child",
    "first-of-type",
    "focus",
    "focus-visible",
    "focus-within",
    "hover",
    "last-child",
    "last-of-type",
    "link",
    "only-child",
    "only-of-type",
];
const ELEMENTS: [&str; 5] = ["before", "after", "first-letter", "selection", "placeholder"];
/// Whose argument is a list of selectors.
const OF_SELECTORS: [&str; 3] = ["is", "not", "where"];
/// Whose argument is a number.
const OF_NUMBERS: [&str; 4] = ["nth-child", "nth-last-child", "nth-last-of-type", "nth-of-type"];

/// The selectors that are kept, each below the element whose id is `scope`, and whether each of them names another id.
pub(super) fn clean(prelude: &[Piece<'_>], scope: &str) -> Option<(String, bool)> {
    let (mut kept, mut on_own) = (Vec::new(), true);
    for selector in by_comma(prelude) {
        if let Some(text) = scoped(selector, scope) {
            on_own &= names_an_id(selector, scope);
            kept.push(text);
        }
    }
    (!kept.is_empty()).then(|| (kept.join(", "), on_own))
}

fn scoped(selector: &[Piece<'_>], scope: &str) -> Option<String> {
    if !is_kept(selector) {
        return None;
    }
    let mut text = write(&[Piece::Token(Token::IDHash(CowRcStr::from(scope)))])?;
    let (rest, is_about_root) = below_root(selector, scope);
    // What is beside the root is not the profile's.
    if is_about_root && matches!(trim(rest), [Piece::Token(Token::Delim('+' | '~')), ..]) {
        return None;
    }
    if !is_about_root {
        text.push(' ');
    }
    text.push_str(&write(rest)?);
    Some(text)
}

/// What is left after the words for the whole page that it begins with, and whether there were any.
fn below_root<'p, 'i>(selector: &'p [Piece<'i>], scope: &str) -> (&'p [Piece<'i>], bool) {
    let Some(mut rest) = after_root(selector, scope) else { return (selector, false) };
    while let Some(after) = after_root(trim(rest), scope) {
        rest = after;
    }
    (rest, true)
}

fn after_root<'p, 'i>(pieces: &'p [Piece<'i>], scope: &str) -> Option<&'p [Piece<'i>]> {
    match pieces {
        [Piece::Token(Token::IDHash(id)), after @ ..] if **id == *scope => Some(after),
        [Piece::Token(Token::Ident(name)), after @ ..] => {
            ["html", "body"].iter().any(|root| name.eq_ignore_ascii_case(root)).then_some(after)
        }
        [Piece::Token(Token::Colon), Piece::Token(Token::Ident(name)), after @ ..] => {
            name.eq_ignore_ascii_case("root").then_some(after)
        }
        _ => None,
    }
}

/// Whether all of it is known to reach nothing but elements. Where these are is for the scope to say.
fn is_kept(selector: &[Piece<'_>]) -> bool {
    let is_combinator = |piece: &Piece<'_>| matches!(piece, Piece::Token(Token::Delim('>' | '+' | '~')));
    let (first, last) = (selector.first(), selector.last());
    if selector.is_empty() || first.is_some_and(is_combinator) || last.is_some_and(is_combinator) {
        return false;
    }
    let mut rest = selector;
    while !rest.is_empty() {
        match simple(rest) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

/// What comes after the first simple selector or combinator.
fn simple<'p, 'i>(pieces: &'p [Piece<'i>]) -> Option<&'p [Piece<'i>]> {
    let is_one_of = |name: &str, known: &[&str]| known.iter().any(|known| name.eq_ignore_ascii_case(known));
    match pieces {
        [
            Piece::Space
            | Piece::Token(Token::Ident(_) | Token::IDHash(_) | Token::Delim('*' | '>' | '+' | '~')),
            after @ ..,
        ]
        | [Piece::Token(Token::Delim('.')), Piece::Token(Token::Ident(_)), after @ ..] => Some(after),
        [
            Piece::Token(Token::Colon),
            Piece::Token(Token::Colon),
            Piece::Token(Token::Ident(name)),
            after @ ..,
        ] => is_one_of(name, &ELEMENTS).then_some(after),
        [Piece::Token(Token::Colon), Piece::Token(Token::Ident(name)), after @ ..] => {
            (is_one_of(name, &STATES) || name.eq_ignore_ascii_case("root")).then_some(after)
        }
        [Piece::Token(Token::Colon), Piece::Block(Token::Function(name), inner), after @ ..] => {
            let of_selectors = || is_one_of(name, &OF_SELECTORS) && by_comma(inner).all(is_kept);
            let of_numbers = || is_one_of(name, &OF_NUMBERS) && inner.iter().all(is_of_number);
            (of_selectors() || of_numbers()).then_some(after)
        }
        [Piece::Block(Token::SquareBracketBlock, inner), after @ ..] => {
            matches!(trim(inner), [Piece::Token(Token::Ident(_))]).then_some(after)
        }
        _ => None,
    }
}

fn is_of_number(piece: &Piece<'_>) -> bool {
    matches!(
        piece,
        Piece::Space
            | Piece::Token(
                Token::Ident(_) | Token::Number { .. } | Token::Dimension { .. } | Token::Delim('+' | '-')
            )
    )
}

fn names_an_id(selector: &[Piece<'_>], scope: &str) -> bool {
    selector.iter().any(|piece| matches!(piece, Piece::Token(Token::IDHash(id)) if **id != *scope))
}
