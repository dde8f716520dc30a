//! A sheet taken apart into tokens and what is in brackets.

use cssparser::{ParseError, Parser, ToCss, Token};

/// Brackets within brackets; what is deeper is kept nowhere.
const MAX_DEPTH: usize = 12;

/// One piece of a text.
pub(super) enum Piece<'i> {
    /// White space or a comment.
    Space,
    Token(Token<'i>),
    /// What opens it, a function with its name or a bracket, and what is in it.
    Block(Token<'i>, Vec<Piece<'i>>),
    /// Something that is kept nowhere.
    Forbidden,
}

/// All pieces of what is left in the parser.
pub(super) fn read<'i>(parser: &mut Parser<'i>) -> Vec<Piece<'i>> {
    within(parser, MAX_DEPTH)
}

fn within<'i>(parser: &mut Parser<'i>, depth: usize) -> Vec<Piece<'i>> {
    let mut pieces = Vec::new();
    while let Ok(token) = parser.next_including_whitespace_and_comments() {
        let token = token.clone();
        pieces.push(match token {
            Token::WhiteSpace(_) | Token::Comment(_) => Piece::Space,
            Token::Function(_)
            | Token::ParenthesisBlock
            | Token::SquareBracketBlock
            | Token::CurlyBracketBlock => match depth.checked_sub(1) {
                Some(depth) => {
                    let inner =
                        parser.parse_nested_block(|inner| Ok::<_, ParseError<()>>(within(inner, depth)));
                    inner.map_or(Piece::Forbidden, |inner| Piece::Block(token, inner))
                }
                None => Piece::Forbidden,
            },
            Token::UnquotedUrl(_)
            | Token::BadUrl(_)
            | Token::BadString(_)
            | Token::CDO
            | Token::CDC
            | Token::CloseParenthesis
            | Token::CloseSquareBracket
            | Token::CloseCurlyBracket => Piece::Forbidden,
            token => Piece::Token(token),
        });
    }
    pieces
}

/// Without the space around it.
pub(super) fn trim<'p, 'i>(mut pieces: &'p [Piece<'i>]) -> &'p [Piece<'i>] {
    while let [Piece::Space, rest @ ..] | [rest @ .., Piece::Space] = pieces {
        pieces = rest;
    }
    pieces
}

/// The parts between commas.
pub(super) fn by_comma<'p, 'i>(pieces: &'p [Piece<'i>]) -> impl Iterator<Item = &'p [Piece<'i>]> {
    pieces.split(|piece| matches!(piece, Piece::Token(Token::Comma))).map(trim)
}

/// The pieces as text that is read as the same pieces; nothing if one of them is kept nowhere, or `<` would be in it, which ends
/// sheets in pages.
pub(super) fn write(pieces: &[Piece<'_>]) -> Option<String> {
    let mut text = String::new();
    let mut writer = Writer { text: &mut text, last: None };
    writer.all(pieces)?;
    (!text.contains('<')).then_some(text)
}

struct Writer<'t, 'p, 'i> {
    text: &'t mut String,
    /// What was just written, if it is a token.
    last: Option<&'p Token<'i>>,
}

impl<'p, 'i> Writer<'_, 'p, 'i> {
    fn all(&mut self, pieces: &'p [Piece<'i>]) -> Option<()> {
        for piece in pieces {
            match piece {
                Piece::Forbidden => return None,
                Piece::Space => {
                    if !self.text.ends_with(' ') {
                        self.text.push(' ');
                    }
                    self.last = None;
                }
                Piece::Token(token) => self.token(token)?,
                Piece::Block(open, inner) => {
                    let close = match open {
                        Token::SquareBracketBlock => ']',
                        Token::CurlyBracketBlock => '}',
                        _ => ')',
                    };
                    self.token(open)?;
                    self.last = None;
                    self.all(trim(inner))?;
                    self.text.push(close);
                    self.last = None;
                }
            }
        }
        Some(())
    }

    fn token(&mut self, token: &'p Token<'i>) -> Option<()> {
        let next = token.serialization_type();
        // What was kept apart by nothing but a way of writing would grow together.
        if self.last.is_some_and(|last| last.serialization_type().needs_separator_when_before(next)) {
            self.text.push(' ');
        }
        token.to_css(self.text).ok()?;
        self.last = Some(token);
        Some(())
    }
}
