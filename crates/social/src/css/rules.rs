//! The rules of a sheet.

use cssparser::{CowRcStr, Parser, Token};

use super::declarations::{self, Names};
use super::piece::{Piece, by_comma, read, trim, write};
use super::selectors;

/// Conditions within conditions.
const MAX_NESTED: usize = 4;

/// The sheet with the rules that are kept, one a line.
pub(super) fn clean(css: &str, scope: &str) -> String {
    let pieces = read(&mut Parser::new(css));
    let prefix = format!("{scope}-");
    let mut names = Names { prefix: &prefix, defined: Vec::new() };
    let mut defined = Vec::new();
    for_each_rule(&pieces, &mut |rule| collect_names(&rule, &mut defined, MAX_NESTED));
    names.defined = defined;
    let sheet = Sheet { scope, names };
    let mut kept = String::new();
    sheet.rules(&pieces, MAX_NESTED, &mut kept);
    kept
}

/// What stands before the braces, and what is between them.
struct Rule<'p, 'i> {
    /// Of an at-rule.
    name: Option<&'p str>,
    prelude: &'p [Piece<'i>],
    block: &'p [Piece<'i>],
}

/// Statements without braces, which are all at-rules that import something or the like, are passed over.
fn for_each_rule<'p, 'i>(pieces: &'p [Piece<'i>], then: &mut dyn FnMut(Rule<'p, 'i>)) {
    let mut start = 0;
    for (at, piece) in pieces.iter().enumerate() {
        let before = trim(&pieces[start..at]);
        let name = match before {
            [Piece::Token(Token::AtKeyword(name)), ..] => Some(&**name),
            _ => None,
        };
        match piece {
            Piece::Block(Token::CurlyBracketBlock, block) => {
                let prelude = trim(if name.is_some() { &before[1..] } else { before });
                then(Rule { name, prelude, block });
                start = at + 1;
            }
            Piece::Token(Token::Semicolon) if name.is_some() => start = at + 1,
            _ => {}
        }
    }
}

fn collect_names(rule: &Rule<'_, '_>, defined: &mut Vec<String>, depth: usize) {
    let Some(name) = rule.name else { return };
    if name.eq_ignore_ascii_case("keyframes") {
        if let [Piece::Token(Token::Ident(name))] = rule.prelude {
            defined.push(name.to_string());
        }
    } else if let Some(depth) = depth.checked_sub(1) {
        for_each_rule(rule.block, &mut |rule| collect_names(&rule, defined, depth));
    }
}

struct Sheet<'s> {
    scope: &'s str,
    names: Names<'s>,
}

impl Sheet<'_> {
    fn rules(&self, pieces: &[Piece<'_>], depth: usize, kept: &mut String) {
        for_each_rule(pieces, &mut |rule| {
            if let Some(text) = self.rule(&rule, depth) {
                kept.push_str(&text);
            }
        });
    }

    fn rule(&self, rule: &Rule<'_, '_>, depth: usize) -> Option<String> {
        let Some(name) = rule.name else {
            let (selectors, on_own) = selectors::clean(rule.prelude, self.scope)?;
            return filled(&selectors, &declarations::clean(rule.block, &self.names, on_own));
        };
        match &*name.to_ascii_lowercase() {
            at @ ("media" | "supports") => {
                if !is_condition(rule.prelude) {
                    return None;
                }
                let condition = write(rule.prelude)?;
                let mut inner = String::new();
                self.rules(rule.block, depth.checked_sub(1)?, &mut inner);
                (!inner.is_empty()).then(|| format!("@{at} {condition} {{\n{inner}}}\n"))
            }
            "keyframes" => self.keyframes(rule),
            _ => None,
        }
    }

    fn keyframes(&self, rule: &Rule<'_, '_>) -> Option<String> {
        let [Piece::Token(Token::Ident(name))] = rule.prelude else { return None };
        let name = CowRcStr::from(self.names.in_page(name));
        let name = write(&[Piece::Token(Token::Ident(name))])?;
        let mut frames = String::new();
        for_each_rule(rule.block, &mut |frame| {
            if frame.name.is_none()
                && by_comma(frame.prelude).all(is_moment)
                && let Some(moments) = write(frame.prelude)
                && let Some(frame) = filled(&moments, &declarations::clean(frame.block, &self.names, false))
            {
                frames.push_str(&frame);
            }
        });
        (!frames.is_empty()).then(|| format!("@keyframes {name} {{\n{frames}}}\n"))
    }
}

/// A rule, unless there is nothing in it.
fn filled(before: &str, declarations: &str) -> Option<String> {
    (!declarations.is_empty()).then(|| format!("{before} {{ {declarations} }}\n"))
}

fn is_moment(moment: &[Piece<'_>]) -> bool {
    match moment {
        [Piece::Token(Token::Ident(word))] => {
            word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("to")
        }
        [Piece::Token(Token::Percentage { .. })] => true,
        _ => false,
    }
}

/// A condition of words, numbers and brackets: nothing in it is a function.
fn is_condition(pieces: &[Piece<'_>]) -> bool {
    !pieces.is_empty()
        && pieces.iter().all(|piece| match piece {
            Piece::Space
            | Piece::Token(
                Token::Ident(_)
                | Token::Number { .. }
                | Token::Dimension { .. }
                | Token::Percentage { .. }
                | Token::Colon
                | Token::Comma
                | Token::Delim('/' | '>' | '='),
            ) => true,
            Piece::Block(Token::ParenthesisBlock, inner) => is_condition(inner),
            _ => false,
        })
}
