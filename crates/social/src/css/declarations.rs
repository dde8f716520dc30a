//! What is between the braces of a rule.

use cssparser::{CowRcStr, Token};

use super::piece::{Piece, trim, write};
use super::properties;
use super::values;

/// What animations are called, here and in the page.
pub(super) struct Names<'n> {
    /// In front of all that are from here.
    pub(super) prefix: &'n str,
    /// Those that this sheet defines, without the prefix.
    pub(super) defined: Vec<String>,
}

impl Names<'_> {
    /// What an animation is called in the page.
    pub(super) fn in_page(&self, name: &str) -> String {
        if name.starts_with(self.prefix) { name.to_owned() } else { format!("{}{name}", self.prefix) }
    }
}

/// The declarations that are kept, each ending with `;`.
pub(super) fn clean(block: &[Piece<'_>], names: &Names<'_>, on_own: bool) -> String {
    let mut kept = String::new();
    for item in block.split(|piece| matches!(piece, Piece::Token(Token::Semicolon))) {
        // A rule within a rule ends with its brace, and with it everything up to there.
        let nested =
            item.iter().rposition(|piece| matches!(piece, Piece::Block(Token::CurlyBracketBlock, _)));
        let item = nested.map_or(item, |at| &item[at + 1..]);
        if let Some(declaration) = declaration(trim(item), names, on_own) {
            kept.push_str(&declaration);
        }
    }
    kept
}

fn declaration(item: &[Piece<'_>], names: &Names<'_>, on_own: bool) -> Option<String> {
    let [Piece::Token(Token::Ident(name)), rest @ ..] = item else { return None };
    let [Piece::Token(Token::Colon), value @ ..] = trim(rest) else { return None };
    let name = if name.starts_with("--") { name.to_string() } else { name.to_ascii_lowercase() };
    let (value, important) = important(trim(value));
    let is_kept =
        properties::is_kept(&name) && values::is_harmless(value) && values::fits(&name, value, on_own);
    if !is_kept {
        return None;
    }
    let named;
    let value = if matches!(&*name, "animation" | "animation-name") {
        named = value.iter().map(|piece| rename(piece, names)).collect::<Vec<_>>();
        write(&named)?
    } else {
        write(value)?
    };
    let mut text = write(&[Piece::Token(Token::Ident(name.into()))])?;
    text.push_str(": ");
    text.push_str(&value);
    text.push_str(if important { " !important;" } else { ";" });
    Some(text)
}

/// Without `!important` at its end, and whether it was there.
fn important<'p, 'i>(value: &'p [Piece<'i>]) -> (&'p [Piece<'i>], bool) {
    if let [before @ .., Piece::Token(Token::Ident(word))] = value
        && word.eq_ignore_ascii_case("important")
        && let [before @ .., Piece::Token(Token::Delim('!'))] = trim(before)
    {
        return (trim(before), true);
    }
    (value, false)
}

/// Names of animations from here; everything else stays.
fn rename<'i>(piece: &Piece<'i>, names: &Names<'_>) -> Piece<'i> {
    match piece {
        Piece::Space => Piece::Space,
        Piece::Token(Token::Ident(name)) if names.defined.iter().any(|defined| *defined == **name) => {
            Piece::Token(Token::Ident(CowRcStr::from(names.in_page(name))))
        }
        Piece::Token(token) => Piece::Token(token.clone()),
        Piece::Block(open, inner) => {
            Piece::Block(open.clone(), inner.iter().map(|piece| rename(piece, names)).collect())
        }
        Piece::Forbidden => Piece::Forbidden,
    }
}
