//! What a script's statement is, found out by reading it and before anything runs.
//!
//! This is the second line: the engines refuse what is read wrongly here. It gives an author words instead of an
//! engine's, and keeps out what would only waste time.

mod lexer;
mod names;
#[cfg(test)]
mod tests;
mod token;

use std::collections::HashSet;

use store::Engine;

use crate::Error;
use lexer::Lexer;
pub(crate) use names::{is_protected, is_reserved};
use token::Token;

/// One statement of a kind that scripts may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// The text, without a semicolon at its end.
    pub(crate) sql: String,
    pub(crate) kind: Kind,
    /// Whatever it may name, in lower case.
    pub(crate) names: HashSet<String>,
    /// How many values it needs.
    pub(crate) parameters: usize,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `SELECT`, also with `WITH`.
    Read,
    /// `DELETE`; makes room, so it is possible when the database is full.
    Delete,
    /// `INSERT`, `UPDATE`, and whatever has one of the words for writing in it.
    Write,
    /// `CREATE TABLE`.
    Create,
}

impl Statement {
    /// Reads a statement; `views` are names that cannot be given to tables.
    pub(crate) fn parse(sql: &str, engine: Engine, views: &[&str]) -> Result<Self, Error> {
        let refused = |what: &str| Err(Error::Refused(what.into()));
        let mut lexer = Lexer::new(sql, engine);
        let (mut tokens, mut end) = (Vec::new(), None);
        while let Some(token) = lexer.next()? {
            match (token, end) {
                (Token::Symbol(';'), None) => end = Some(lexer.token_start()),
                (Token::Symbol(';'), Some(_)) => {}
                (_, Some(_)) => return refused("more than one statement at a time"),
                (token, None) => tokens.push(token),
            }
        }
        names::check(&tokens, engine)?;
        let kind = kind(&tokens)?;
        if kind == Kind::Create {
            check_created(&tokens, engine, views)?;
        }
        if tokens.windows(2).any(|pair| pair[1].is_word("into") && !pair[0].is_one_of(&["insert", "replace"]))
        {
            return refused("SELECT … INTO: use CREATE TABLE … AS SELECT");
        }
        let sql = sql[..end.unwrap_or(sql.len())].to_owned();
        let names = tokens.iter().filter_map(Token::named).collect();
        Ok(Self { sql, kind, names, parameters: parameters(&tokens) })
    }
}

fn kind(tokens: &[Token]) -> Result<Kind, Error> {
    let word = |position: usize| tokens.get(position).and_then(Token::word);
    match word(0) {
        Some("select" | "with") => {
            let writes = tokens.iter().any(|token| token.is_one_of(&["insert", "update", "delete", "merge"]));
            Ok(if writes { Kind::Write } else { Kind::Read })
        }
        Some("delete") => Ok(Kind::Delete),
        Some("insert" | "update") => Ok(Kind::Write),
        Some("create") if word(1) == Some("table") => Ok(Kind::Create),
        Some("create") => Err(Error::Refused(format!(
            "CREATE {}: it creates tables only, and no temporary ones",
            word(1).unwrap_or("without a kind").to_uppercase()
        ))),
        Some(other) => Err(Error::Refused(format!(
            "{}: it runs SELECT, INSERT, UPDATE, DELETE and CREATE TABLE",
            other.chars().take(30).collect::<String>().to_uppercase()
        ))),
        None => Err(Error::Refused("a statement that does not begin with a word".into())),
    }
}

/// Refuses a table that would stand in the place of a view, of today or later, or outside of the scripts' schema.
fn check_created(tokens: &[Token], engine: Engine, views: &[&str]) -> Result<(), Error> {
    let exists = tokens.get(2..5).is_some_and(|words| {
        words.iter().zip(["if", "not", "exists"]).all(|(token, word)| token.is_word(word))
    });
    let (schema, table) = match tokens.get(if exists { 5.. } else { 2.. }) {
        Some([schema, Token::Symbol('.'), table, ..]) => (schema.named(), table.named()),
        Some([table, ..]) => (None, table.named()),
        _ => (None, None),
    };
    match (schema, table) {
        (Some(schema), _) if engine == Engine::Postgres && schema != "scripts" => {
            Err(Error::Refused(format!("a table in the schema {schema}")))
        }
        (_, Some(table)) if names::is_reserved(&table) || views.contains(&table.as_str()) => {
            Err(Error::Refused(format!("a table with the name {table}, which is a view's")))
        }
        _ => Ok(()),
    }
}

/// The greatest `$n`, or the number of `?` counted as SQLite does.
fn parameters(tokens: &[Token]) -> usize {
    tokens.iter().fold(0, |most, token| match token {
        Token::Parameter(Some(number)) => most.max(*number),
        Token::Parameter(None) => most + 1,
        _ => most,
    })
}
