//! What a record has to fulfil.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

use crate::index::{Field, Scalar};

/// A condition on a field. A record without a value there does not fulfil it.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Which field.
    pub field: Field,
    /// What has to be true of its value, or of one of its members.
    pub test: Test,
}

/// What has to be true of a value.
#[derive(Clone, Debug)]
pub enum Test {
    /// It is one of these, of which there is at least one.
    AnyOf(Vec<Scalar>),
    /// It lies in a range.
    In(Range),
}

/// A range of values of one kind, bounded at one end at least.
#[derive(Clone, Debug)]
pub struct Range {
    /// Where it begins.
    pub lower: Option<Bound>,
    /// Where it ends.
    pub upper: Option<Bound>,
}

/// An end of a range.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The last value, or the first beyond.
    pub value: Scalar,
    /// Whether the value itself belongs to the range.
    pub inclusive: bool,
}

impl Condition {
    /// Whether a record fulfils it.
    pub(crate) fn holds(&self, record: &Value) -> bool {
        self.field.all(record).iter().any(|value| match &self.test {
            Test::AnyOf(values) => values.contains(value),
            Test::In(range) => range.contains(value),
        })
    }
}

impl Range {
    fn contains(&self, value: &Scalar) -> bool {
        let inside = |bound: &Option<Bound>, beyond: Ordering| {
            bound.as_ref().is_none_or(|bound| match value.compare(&bound.value) {
                Some(Ordering::Equal) => bound.inclusive,
                Some(order) => order != beyond,
                None => false,
            })
        };
        inside(&self.lower, Ordering::Less) && inside(&self.upper, Ordering::Greater)
    }

    /// The places before and after all values of the range, as bytes of an order.
    pub(crate) fn bytes(&self) -> (Vec<u8>, Vec<u8>) {
        let any = self.lower.as_ref().or(self.upper.as_ref()).map_or((0, 0xFF), |bound| bound.value.bounds());
        let place = |bound: &Option<Bound>, otherwise: u8, is_lower: bool| {
            let Some(bound) = bound else { return vec![otherwise] };
            let mut bytes = Vec::new();
            bound.value.push_order(&mut bytes);
            // What follows a value in a key begins with a smaller byte. Of a text that is cut, others with the same beginning may
            // belong to the range.
            if (bound.inclusive || bound.value.is_cut()) != is_lower {
                bytes.push(0xFF);
            }
            bytes
        };
        (place(&self.lower, any.0, true), place(&self.upper, any.1, false))
    }
}

impl fmt::Display for Condition {
    /// Without values: those are whoever asks's own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::AnyOf(values) if values.len() == 1 => write!(f, "{} =", self.field),
            Test::AnyOf(_) => write!(f, "{} = any of", self.field),
            Test::In(Range { lower, upper }) => {
                let sign =
                    |bound: &Bound, sign: &str| [sign, if bound.inclusive { "=" } else { "" }].concat();
                let ends = [
                    lower.as_ref().map(|bound| sign(bound, ">")),
                    upper.as_ref().map(|bound| sign(bound, "<")),
                ];
                let ends: Vec<String> = ends.into_iter().flatten().collect();
                write!(f, "{} {}", self.field, ends.join(" "))
            }
        }
    }
}
