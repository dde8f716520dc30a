//! Splitting a statement into pieces exactly as its engine does, or not at all.

use store::Engine;

use super::token::Token;
use crate::Error;

/// Reads piece after piece.
pub(super) struct Lexer<'s> {
    text: &'s str,
    at: usize,
    start: usize,
    engine: Engine,
    /// PostgreSQL goes on with a string in the next line, in the mode of its beginning.
    after_escapes: bool,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(text: &'s str, engine: Engine) -> Self {
        Self { text, at: 0, start: 0, engine, after_escapes: false }
    }

    /// Where the last piece began, in bytes.
    pub(super) fn token_start(&self) -> usize {
        self.start
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> Result<Option<Token>, Error> {
        self.skip_space()?;
        self.start = self.at;
        let Some(first) = self.peek() else { return Ok(None) };
        let after_escapes = std::mem::take(&mut self.after_escapes);
        let token = match (first, self.engine) {
            ('\'', _) if after_escapes => return Err(malformed("a string in several parts")),
            ('\'', _) => Token::Text(self.quoted('\'', false)?),
            ('"', _) => Token::Quoted(self.quoted('"', false)?),
            ('`', Engine::Sqlite) => Token::Quoted(self.quoted('`', false)?),
            ('[', Engine::Sqlite) => Token::Quoted(self.bracketed()?),
            ('$', Engine::Postgres) if !self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                Token::Text(self.dollar_quoted()?)
            }
            ('$', _) => self.parameter(false)?,
            ('?', Engine::Sqlite) => self.parameter(true)?,
            (':' | '@' | '#', Engine::Sqlite) => return Err(malformed("parameters with a name: use $1")),
            ('0'..='9', _) => {
                self.take_while(|c| c.is_ascii_digit() || c == '.');
                Token::Number
            }
            (c, _) if starts_word(c) => self.word()?,
            (c, _) if c.is_ascii_graphic() => {
                self.at += 1;
                Token::Symbol(c)
            }
            _ => return Err(malformed("a character that is no part of SQL")),
        };
        Ok(Some(token))
    }

    fn rest(&self) -> &'s str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take_while(&mut self, matches: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.find(|c| !matches(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Skips spaces and comments.
    fn skip_space(&mut self) -> Result<(), Error> {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c'));
            if self.rest().starts_with("--") {
                // PostgreSQL ends such a comment at a carriage return too.
                let ends: &[char] = match self.engine {
                    Engine::Sqlite => &['\n'],
                    Engine::Postgres => &['\n', '\r'],
                };
                self.take_while(|c| !ends.contains(&c));
            } else if self.rest().starts_with("/*") {
                self.skip_comment()?;
            } else {
                return Ok(());
            }
        }
    }

    /// Skips a block comment; PostgreSQL nests them, SQLite does not.
    fn skip_comment(&mut self) -> Result<(), Error> {
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") && (depth == 0 || self.engine == Engine::Postgres) {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return Ok(());
                }
            } else {
                let next = self.peek().ok_or_else(|| malformed("a comment without an end"))?;
                self.at += next.len_utf8();
            }
        }
    }

    /// Reads up to the closing quote; a doubled one stands for itself.
    fn quoted(&mut self, quote: char, escapes: bool) -> Result<String, Error> {
        let mut value = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((position, c)) = chars.next() {
            if c == '\0' {
                break;
            } else if c == '\\' && escapes {
                value.extend(chars.next().map(|(_, escaped)| escaped));
            } else if c != quote {
                value.push(c);
            } else if chars.next_if(|(_, next)| *next == quote).is_some() {
                value.push(quote);
            } else {
                self.at += position + 1;
                return Ok(value);
            }
        }
        Err(malformed("quotes without an end"))
    }

    fn bracketed(&mut self) -> Result<String, Error> {
        let rest = &self.rest()[1..];
        let end = rest.find(['\0', ']']).filter(|end| rest[*end..].starts_with(']'));
        let end = end.ok_or_else(|| malformed("a bracket without an end"))?;
        self.at += end + 2;
        Ok(rest[..end].to_owned())
    }

    fn dollar_quoted(&mut self) -> Result<String, Error> {
        let rest = self.rest();
        let tag_end = rest[1..].find('$').ok_or_else(|| malformed("a $ that means nothing"))? + 2;
        let delimiter = &rest[..tag_end];
        let tag = &delimiter[1..tag_end - 1];
        let is_tag = tag.is_empty() || (tag.starts_with(starts_word) && tag.chars().all(continues_word));
        let end = rest[tag_end..].find(delimiter).filter(|_| is_tag);
        let end = end.ok_or_else(|| malformed("a $ that means nothing, or a $$ without an end"))?;
        self.at += tag_end + end + delimiter.len();
        Ok(rest[tag_end..tag_end + end].to_owned())
    }

    /// `$n`, or `?` with or without a number.
    fn parameter(&mut self, may_be_bare: bool) -> Result<Token, Error> {
        self.at += 1;
        let digits = self.take_while(|c| c.is_ascii_digit());
        // SQLite reads more into a name that goes on after the digits, up to a text in parentheses.
        let goes_on = self.rest().starts_with(continues_word)
            || (self.engine == Engine::Sqlite && self.rest().starts_with(['(', ':']));
        let number = match digits.parse::<usize>() {
            _ if goes_on => None,
            Ok(number) if (1..=9_999).contains(&number) => Some(Token::Parameter(Some(number))),
            Err(_) if may_be_bare && digits.is_empty() => Some(Token::Parameter(None)),
            _ => None,
        };
        number.ok_or_else(|| malformed("a parameter that is none: use $1"))
    }

    /// A keyword or name, or what its first letters make of the quotes behind them.
    fn word(&mut self) -> Result<Token, Error> {
        let word = self.take_while(continues_word).to_ascii_lowercase();
        let rest = self.rest();
        if word == "u" && (rest.starts_with("&'") || rest.starts_with("&\"")) {
            return Err(malformed("U&'…' and U&\"…\""));
        }
        if word == "e" && self.engine == Engine::Postgres && rest.starts_with('\'') {
            self.after_escapes = true;
            return self.quoted('\'', true).map(Token::Text);
        }
        Ok(Token::Word(word))
    }
}

/// Byte order marks are letters to PostgreSQL and spaces to SQLite.
fn starts_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || (!c.is_ascii() && c != '\u{feff}')
}

fn continues_word(c: char) -> bool {
    starts_word(c) || c.is_ascii_digit() || c == '$'
}

fn malformed(what: &str) -> Error {
    Error::Refused(what.into())
}
