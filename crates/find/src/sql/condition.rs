//! Filters as SQL.
//!
//! The value is compared first: most records fail there, and the type of what matched is asked afterwards.

use serde_json::{Number, Value};
use store::Engine;

use super::{Field, Param, Sql};
use crate::Filter;
use crate::filter::{Condition, Literal, Node, Operator};

/// Appends the filter as a condition on the row `r`.
pub(crate) fn condition(sql: &mut Sql, filter: &Filter) {
    node(sql, &filter.0);
}

fn node(sql: &mut Sql, node: &Node) {
    match node {
        Node::All(nodes) => group(sql, nodes, " AND "),
        Node::Any(nodes) => group(sql, nodes, " OR "),
        Node::Condition(condition) => {
            let field = Field::new(sql.engine(), &condition.field);
            match sql.engine() {
                Engine::Sqlite => sqlite(sql, &field, condition),
                Engine::Postgres => postgres(sql, &field, condition),
            }
        }
    }
}

fn group(sql: &mut Sql, nodes: &[Node], joint: &str) {
    sql.push("(");
    for (number, member) in nodes.iter().enumerate() {
        sql.push(if number == 0 { "" } else { joint });
        node(sql, member);
    }
    sql.push(")");
}

fn sqlite(sql: &mut Sql, field: &Field, condition: &Condition) {
    let Field { value, kind, .. } = field;
    let kinds = match &condition.value {
        Literal::Text(_) => "('text')",
        Literal::Number(_) => "('integer', 'real')",
        Literal::Bool(_) => "('true', 'false')",
    };
    let literal = sql.param(match &condition.value {
        Literal::Text(text) => Param::Text(text.clone()),
        Literal::Number(number) => native(number),
        Literal::Bool(value) => Param::Int(i64::from(*value)),
    });
    sql.push(&match condition.operator {
        Operator::NotEqual => {
            format!("({value} IS NOT NULL AND NOT ({value} = {literal} AND {kind} IN {kinds}))")
        }
        operator => format!("({value} {} {literal} AND {kind} IN {kinds})", operator.sql()),
    });
}

/// A number as SQLite keeps it: beyond 64 bits it is a float.
pub(super) fn native(number: &Number) -> Param {
    match number.as_i64() {
        Some(integer) => Param::Int(integer),
        // Without arbitrary precision every number has one.
        None => Param::Real(number.as_f64().unwrap_or_default()),
    }
}

fn postgres(sql: &mut Sql, field: &Field, condition: &Condition) {
    let Field { value, text, kind } = field;
    let operator = condition.operator.sql();
    let by_bytes = sql.by_bytes();
    let clause = match (&condition.value, condition.operator) {
        (literal, Operator::Equal) => format!("({value} = {})", sql.param(json(literal))),
        (literal, Operator::NotEqual) => {
            format!("({value} <> {} AND {kind} <> 'null')", sql.param(json(literal)))
        }
        (Literal::Text(pattern), Operator::Like | Operator::NotLike) => {
            let pattern = sql.param(pattern.to_ascii_lowercase());
            format!("({kind} = 'string' AND lower({text}{by_bytes}) {operator} {pattern} ESCAPE '')")
        }
        (Literal::Text(other), _) => {
            let other = sql.param(other.as_str());
            format!("({kind} = 'string' AND {text}{by_bytes} {operator} {other})")
        }
        (literal @ Literal::Number(_), _) => {
            format!("({kind} = 'number' AND {value} {operator} {})", sql.param(json(literal)))
        }
        (literal @ Literal::Bool(_), _) => {
            format!("({kind} = 'boolean' AND {value} {operator} {})", sql.param(json(literal)))
        }
    };
    sql.push(&clause);
}

/// The value as the text of a `jsonb` parameter.
fn json(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => Value::from(text.as_str()).to_string(),
        Literal::Number(number) => number.to_string(),
        Literal::Bool(value) => value.to_string(),
    }
}
