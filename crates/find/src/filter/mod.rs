//! Which records are wanted.

mod parse;

use serde_json::{Number, Value};

use crate::{Error, Path};

/// Levels of groups within each other.
pub(crate) const MAX_DEPTH: usize = 5;

/// Conditions and groups of one filter.
pub(crate) const MAX_NODES: usize = 100;

/// A condition on a record, or several combined with AND and OR.
///
/// As JSON (spec/appview.md §5.7):
///
/// | Form | Meaning |
/// |---|---|
/// | `{"field": PATH, "op": OPERATOR, "value": VALUE}` | a condition; the operator is `=` if none is given |
/// | `{"combine": "AND" or "OR", "1": NODE, "2": NODE, …}` | a group: what a Lua table with both kinds of keys becomes |
/// | `[NODE, NODE, …]` | a group whose nodes must all match |
/// | `{"op": "AND" or "OR", "conditions": [NODE, NODE, …]}` | a group in its older form |
///
/// Groups nest five levels deep. A value is a string, a number or a boolean.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(pub(crate) Node);

/// A part of a filter. A group is never empty.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Condition(Condition),
}

/// A field against a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) field: Path,
    pub(crate) operator: Operator,
    pub(crate) value: Literal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    /// The value is a [`Literal::Text`].
    Like,
    /// The value is a [`Literal::Text`].
    NotLike,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    /// Without U+0000.
    Text(String),
    Number(Number),
    Bool(bool),
}

impl Filter {
    /// Reads a filter from the JSON of a script's table.
    pub fn parse(json: &Value) -> Result<Self, Error> {
        parse::filter(json).map(Self)
    }
}

impl Operator {
    /// As SQL spells it.
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::Greater => ">",
            Self::LessOrEqual => "<=",
            Self::GreaterOrEqual => ">=",
            Self::Like => "LIKE",
            Self::NotLike => "NOT LIKE",
        }
    }
}
