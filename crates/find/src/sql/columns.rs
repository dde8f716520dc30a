//! What records are ordered by, as columns.

use store::Engine;

use super::condition::native;
use super::{Field, Sql};
use crate::key::{Key, SORTED_CHARS, class};
use crate::{Path, Sort};

/// By what the records of a scan are ordered.
#[derive(Clone, Copy)]
pub(crate) enum Order<'q> {
    By(&'q Sort),
    /// How well a field matches a text, which is in lower case.
    Match {
        field: &'q Path,
        text: &'q str,
    },
}

/// The expressions of a [`Key`] but for its names, on the row `r`.
pub(crate) struct Columns {
    pub(crate) class: String,
    pub(crate) number: String,
    pub(crate) text: String,
    /// Which records have a place in the order.
    pub(crate) condition: Option<String>,
}

impl Order<'_> {
    pub(crate) fn columns(self, sql: &mut Sql) -> Columns {
        let by_bytes = sql.by_bytes();
        let columns = |number: &str, text: &str| Columns {
            class: class::WITHOUT_ORDER.to_string(),
            number: number.to_owned(),
            text: format!("{text}{by_bytes}"),
            condition: None,
        };
        match self {
            Self::By(Sort::IndexedAt) => columns("r.indexed_at", "CAST('' AS TEXT)"),
            Self::By(Sort::Did) => columns("0", "repos.did"),
            Self::By(Sort::Uri) => columns("0", "CAST('' AS TEXT)"),
            Self::By(Sort::Path(path)) => by_value(sql.engine(), &Field::new(sql.engine(), path)),
            Self::Match { field, text } => by_match(sql, &Field::new(sql.engine(), field), text),
        }
    }
}

fn by_value(engine: Engine, field: &Field) -> Columns {
    let Field { value, text, kind } = field;
    let (boolean, number, string) = (class::BOOLEAN, class::NUMBER, class::TEXT);
    let nothing = class::WITHOUT_ORDER;
    match engine {
        Engine::Sqlite => Columns {
            class: format!(
                "CASE {kind} WHEN 'text' THEN {string} WHEN 'integer' THEN {number} WHEN 'real' THEN {number}
                 WHEN 'true' THEN {boolean} WHEN 'false' THEN {boolean} ELSE {nothing} END"
            ),
            number: format!("CASE WHEN {kind} IN ('integer', 'real', 'true', 'false') THEN {value} ELSE 0 END"),
            text: format!("CASE {kind} WHEN 'text' THEN substr({value}, 1, {SORTED_CHARS}) ELSE '' END"),
            condition: None,
        },
        Engine::Postgres => Columns {
            class: format!(
                "CASE {kind} WHEN 'string' THEN {string} WHEN 'number' THEN {number} WHEN 'boolean' THEN {boolean}
                 ELSE {nothing} END"
            ),
            number: format!(
                "CASE {kind} WHEN 'number' THEN CAST({text} AS NUMERIC)
                 WHEN 'boolean' THEN CASE WHEN {value} = 'true' THEN 1 ELSE 0 END ELSE 0 END"
            ),
            text: format!(
                "CASE {kind} WHEN 'string' THEN substr({text}, 1, {SORTED_CHARS}) ELSE '' END COLLATE \"C\""
            ),
            condition: None,
        },
    }
}

fn by_match(sql: &mut Sql, field: &Field, text: &str) -> Columns {
    let (is_text, found) = match sql.engine() {
        Engine::Sqlite => ("text", "instr"),
        Engine::Postgres => ("string", "strpos"),
    };
    let lower = format!("lower({}{})", field.text, sql.by_bytes());
    let text = sql.param(text);
    let position = format!("{found}({lower}, {text})");
    Columns {
        class: format!("CASE WHEN {lower} = {text} THEN 0 WHEN {position} = 1 THEN 1 ELSE 2 END"),
        number: "0".to_owned(),
        text: format!("substr({lower}, 1, {SORTED_CHARS})"),
        condition: Some(format!("{position} > 0 AND {} = '{is_text}'", field.kind)),
    }
}

/// Appends a key as a row value.
pub(crate) fn key(sql: &mut Sql, key: &Key) {
    sql.push("(").bind(key.class).push(", ");
    match sql.engine() {
        Engine::Sqlite => sql.bind(native(&key.number)),
        Engine::Postgres => sql.push("CAST(CAST(").bind(key.number.to_string()).push(" AS TEXT) AS NUMERIC)"),
    };
    sql.push(", ").bind(key.text.as_str()).push(", ").bind(key.author.as_str()).push(", ");
    sql.bind(key.rkey.as_str()).push(")");
}
