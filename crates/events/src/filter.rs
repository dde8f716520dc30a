//! Which events a reader asks for.

use store::Value;

use crate::{Position, Severity};

/// More categories than exist are not looked for.
const MAX_CATEGORIES: usize = 64;

/// What must hold of an event; the default asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Exactly this type.
    pub event_type: Option<String>,
    /// One of these categories: `lexicon` is every type that begins with `lexicon.`. Empty: any.
    pub categories: Vec<String>,
    /// One of these. Empty: any.
    pub severities: Vec<Severity>,
    /// This text anywhere in the subject, in upper or lower case.
    pub subject: Option<String>,
}

/// A condition in SQL and the parameters it speaks of, in order.
#[derive(Default)]
pub(crate) struct Condition {
    pub(crate) sql: String,
    params: Vec<Parameter>,
}

enum Parameter {
    Text(String),
    Int(i64),
}

impl Filter {
    /// `WHERE …`, or nothing. The text depends on which parts are asked for, never on what is in them.
    pub(crate) fn condition(&self, after: Option<&Position>) -> Condition {
        let mut condition = Condition::default();
        if let Some(event_type) = &self.event_type {
            let n = condition.text(event_type);
            condition.and(&format!("event_type = ${n}"));
        }
        if !self.categories.is_empty() {
            let prefix = |category: &String| format!("{}.%", escaped(category));
            let any: Vec<_> = self.categories.iter().take(MAX_CATEGORIES).map(prefix).collect();
            // Types are in lower case. What `LIKE` makes of the case differs by engine.
            condition.any(r"event_type LIKE lower(?) ESCAPE '\'", &any);
        }
        if !self.severities.is_empty() {
            let mut severities = self.severities.clone();
            severities.sort_unstable();
            severities.dedup();
            let any: Vec<_> = severities.into_iter().map(|severity| severity.name().to_owned()).collect();
            condition.any("severity = ?", &any);
        }
        if let Some(subject) = &self.subject {
            let n = condition.text(&format!("%{}%", escaped(subject)));
            condition.and(&format!(r"lower(subject) LIKE lower(${n}) ESCAPE '\'"));
        }
        if let Some(after) = after {
            let (time, id) = (condition.int(after.created_at), condition.text(&after.id));
            condition.and(&format!("(created_at, id) < (${time}, ${id})"));
        }
        condition
    }
}

impl Condition {
    pub(crate) fn params(&self) -> Vec<Value<'_>> {
        let value = |parameter| match parameter {
            &Parameter::Int(int) => Value::Int(int),
            Parameter::Text(text) => Value::Text(text),
        };
        self.params.iter().map(value).collect()
    }

    /// Adds a parameter; its number.
    pub(crate) fn int(&mut self, int: i64) -> usize {
        self.params.push(Parameter::Int(int));
        self.params.len()
    }

    fn text(&mut self, text: &str) -> usize {
        self.params.push(Parameter::Text(text.replace('\0', "")));
        self.params.len()
    }

    fn any(&mut self, pattern: &str, texts: &[String]) {
        let either: Vec<_> = texts
            .iter()
            .map(|text| {
                let n = self.text(text);
                pattern.replace('?', &format!("${n}"))
            })
            .collect();
        self.and(&format!("({})", either.join(" OR ")));
    }

    fn and(&mut self, condition: &str) {
        self.sql.push_str(if self.sql.is_empty() { "WHERE " } else { " AND " });
        self.sql.push_str(condition);
    }
}

/// The text as LIKE finds it and nothing else.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}
