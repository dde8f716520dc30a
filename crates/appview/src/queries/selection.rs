//! From the parameters of a call to a question.

use std::borrow::Cow;

use atproto::Did;
use find::index::Order;
use find::{Arrangement, Bound, Condition, Direction, MAX_VALUES, Range, Scalar, Selection, Test, Words};
use http::StatusCode;
use serde_json::{Map, Value};
use server::Problem;

use super::Shape;
use super::schema::Kind;
use super::shape::{Filter, Side, direction};
use crate::paging;
use crate::xrpc::Arguments;

/// Bytes of a text that something is compared with.
const MAX_TEXT_BYTES: usize = 2048;

/// What is said where the time is over.
const STOPPED: &str =
    "the query looked at too many records; ask for less, or wait until its index is complete";

/// What every query may be given.
pub(crate) struct Asked {
    pub(crate) did: Option<Did>,
    pub(crate) limit: u32,
    pub(crate) cursor: Option<String>,
}

impl Asked {
    /// Reads them out of the parameters of a call.
    pub(crate) fn of(arguments: &Arguments) -> Result<Self, Problem> {
        let did = arguments.text("did")?;
        let did = did.map(|did| Did::parse(&did)).transpose();
        Ok(Self {
            did: did.map_err(|error| Problem::bad_request(format!("did: {error}")))?,
            limit: paging::limit(arguments.text("limit")?.as_deref())?,
            cursor: arguments.text("cursor")?.map(Cow::into_owned),
        })
    }
}

/// What somebody hears whose question could not be answered.
pub(crate) fn refused(error: find::Error) -> Problem {
    match error {
        find::Error::Store(error) => Problem::internal(error),
        find::Error::TimeLimit(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, STOPPED),
        _ => Problem::bad_request(error.to_string()),
    }
}

impl Shape {
    /// The question that a call puts; 400 for what is not of its type.
    pub(crate) fn selection(
        &self,
        parameters: &Map<String, Value>,
        asked: Asked,
    ) -> Result<Selection, Problem> {
        let mut conditions: Vec<Condition> = Vec::new();
        for filter in &self.filters {
            let given = parameters.get(&filter.name);
            let default = filter.default.as_ref().filter(|_| given.is_none());
            match (given, default) {
                (Some(value), _) => join(&mut conditions, filter.condition(value)?),
                // A default that is not of its type is the lexicon's mistake and says nothing.
                (None, Some(value)) => {
                    if let Ok(condition) = filter.condition(value) {
                        join(&mut conditions, condition);
                    }
                }
                (None, None) => {}
            }
        }
        let words = self.words(parameters)?;
        let order = self.order(parameters, words.is_some())?;
        let Asked { did, limit, cursor } = asked;
        Ok(Selection { collection: self.collection.clone(), did, conditions, words, order, limit, cursor })
    }

    fn words(&self, parameters: &Map<String, Value>) -> Result<Option<Words>, Problem> {
        let Some(text) = &self.words else { return Ok(None) };
        let Some(given) = parameters.get(&text.name) else { return Ok(None) };
        let query = one(&text.name, given)?.as_str().ok_or_else(|| wrong(&text.name, "a text"))?;
        let query = query.parse().map_err(|error| Problem::bad_request(format!("{}: {error}", text.name)))?;
        Ok(Some(Words { fields: text.fields.clone(), query }))
    }

    fn order(&self, parameters: &Map<String, Value>, has_words: bool) -> Result<Arrangement, Problem> {
        let newest = Arrangement::By(Order::Seen, Direction::Descending);
        let best = if has_words { Arrangement::Relevance } else { newest.clone() };
        let Some(sort) = &self.sort else { return Ok(best) };
        let chosen = match parameters.get("sort") {
            Some(given) => {
                let word = one("sort", given)?.as_str().unwrap_or_default();
                let choice = sort.choices.iter().find(|(choice, _)| choice == word);
                let words: Vec<&str> = sort.choices.iter().map(|(word, _)| word.as_str()).collect();
                choice.ok_or_else(|| wrong("sort", &format!("one of {}", words.join(", "))))?.1.clone()
            }
            None if has_words => best,
            None => sort.default.clone().unwrap_or(newest.clone()),
        };
        let turned = match (sort.turn, parameters.get("order")) {
            (None, _) => None,
            (Some(turn), None) => turn.default,
            (Some(_), Some(given)) => {
                let word = one("order", given)?.as_str().unwrap_or_default();
                Some(direction(word).ok_or_else(|| wrong("order", "asc or desc"))?)
            }
        };
        Ok(match (chosen, turned) {
            (Arrangement::By(order, _), Some(direction)) => Arrangement::By(order, direction),
            // Without words nothing matches better than anything else.
            (Arrangement::Relevance, _) if !has_words => newest,
            (chosen, _) => chosen,
        })
    }
}

impl Filter {
    fn condition(&self, given: &Value) -> Result<Condition, Problem> {
        let field = self.known.field.clone();
        let Some(side) = self.side else {
            let values = match given {
                Value::Array(values) if self.several => values.as_slice(),
                other => std::slice::from_ref(one(&self.name, other)?),
            };
            if values.is_empty() || values.len() > MAX_VALUES {
                return Err(wrong(&self.name, &format!("1 to {MAX_VALUES} values")));
            }
            let values = values.iter().map(|value| self.scalar(value)).collect::<Result<_, _>>()?;
            return Ok(Condition { field, test: Test::AnyOf(values) });
        };
        let inclusive = matches!(side, Side::AtLeast | Side::AtMost);
        let bound = Some(Bound { value: self.scalar(one(&self.name, given)?)?, inclusive });
        let range = match side {
            Side::AtLeast | Side::Above => Range { lower: bound, upper: None },
            Side::AtMost | Side::Below => Range { lower: None, upper: bound },
        };
        Ok(Condition { field, test: Test::In(range) })
    }

    fn scalar(&self, value: &Value) -> Result<Scalar, Problem> {
        let (scalar, expected) = match (self.known.kind, value) {
            (Kind::Integer, value) => {
                (value.as_i64().map(|integer| Scalar::Number(integer.into())), "an integer")
            }
            (Kind::Boolean, value) => (value.as_bool().map(Scalar::Bool), "true or false"),
            (Kind::Text, Value::String(text)) => {
                ((text.len() <= MAX_TEXT_BYTES).then(|| Scalar::text(text)), "a text of at most 2048 bytes")
            }
            (Kind::Datetime, Value::String(text)) => {
                (Scalar::instant(text), "a datetime such as 2024-02-29T12:00:00Z")
            }
            (Kind::Text | Kind::Datetime, _) => (None, "a text"),
        };
        scalar.ok_or_else(|| wrong(&self.name, expected))
    }
}

/// Adds a condition; two ends of one range become one.
fn join(conditions: &mut Vec<Condition>, new: Condition) {
    if let Test::In(Range { lower, upper }) = &new.test {
        let free =
            conditions.iter_mut().filter(|condition| condition.field == new.field).find_map(|condition| {
                let Test::In(range) = &mut condition.test else { return None };
                match (lower, upper) {
                    (Some(_), _) if range.lower.is_none() => Some((&mut range.lower, lower)),
                    (None, Some(_)) if range.upper.is_none() => Some((&mut range.upper, upper)),
                    _ => None,
                }
            });
        if let Some((end, bound)) = free {
            end.clone_from(bound);
            return;
        }
    }
    conditions.push(new);
}

fn one<'v>(name: &str, value: &'v Value) -> Result<&'v Value, Problem> {
    if value.is_array() { Err(Problem::bad_request(format!("{name} must be given once"))) } else { Ok(value) }
}

fn wrong(name: &str, expected: &str) -> Problem {
    Problem::bad_request(format!("{name} must be {expected}"))
}
