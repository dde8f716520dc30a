//! What a selection means, told a second time.

use std::cmp::Ordering;

use find::index::{Field, Order, Reading, Scalar};
use find::{Arrangement, Condition, Direction, Selection, Test};
use serde_json::Value;

/// A record of the model.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) uri: String,
    pub(crate) did: String,
    pub(crate) json: Value,
    /// Where it stands in order of time.
    pub(crate) made: usize,
}

/// The AT URIs of all records that are asked for; in order, unless that is by relevance.
pub(crate) fn answer(rows: &[Row], selection: &Selection) -> Vec<String> {
    let mut found: Vec<&Row> = rows.iter().filter(|row| wanted(row, selection)).collect();
    if let Arrangement::By(order, direction) = &selection.order {
        found.sort_by(|one, other| match order {
            Order::Seen => one.made.cmp(&other.made),
            Order::By(field) => sorted(first(field, &one.json).as_ref(), first(field, &other.json).as_ref())
                .then_with(|| one.uri.cmp(&other.uri)),
        });
        if *direction == Direction::Descending {
            found.reverse();
        }
    }
    found.into_iter().map(|row| row.uri.clone()).collect()
}

fn wanted(row: &Row, selection: &Selection) -> bool {
    selection.did.as_ref().is_none_or(|did| did.as_str() == row.did)
        && selection.conditions.iter().all(|condition| holds(condition, &row.json))
        && selection.words.as_ref().is_none_or(|words| {
            // The tests ask for single words only.
            let texts: Vec<String> =
                words.fields.iter().map(|field| row.json[field.to_string()].to_string()).collect();
            let text = texts.join(" ").to_lowercase();
            let there: Vec<&str> = text.split(|char: char| !char.is_alphanumeric()).collect();
            words_of(&format!("{:?}", words.query)).iter().all(|word| there.contains(&word.as_str()))
        })
}

/// The words of a query, out of how it prints itself.
fn words_of(debug: &str) -> Vec<String> {
    debug.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn holds(condition: &Condition, record: &Value) -> bool {
    all(&condition.field, record).iter().any(|value| match &condition.test {
        Test::AnyOf(wanted) => wanted.iter().any(|wanted| order(value, wanted) == Some(Ordering::Equal)),
        Test::In(range) => {
            let lower = range.lower.as_ref().is_none_or(|bound| match order(value, &bound.value) {
                Some(Ordering::Greater) => true,
                Some(Ordering::Equal) => bound.inclusive,
                _ => false,
            });
            lower
                && range.upper.as_ref().is_none_or(|bound| match order(value, &bound.value) {
                    Some(Ordering::Less) => true,
                    Some(Ordering::Equal) => bound.inclusive,
                    _ => false,
                })
        }
    })
}

fn first(field: &Field, record: &Value) -> Option<Scalar> {
    all(field, record).into_iter().next()
}

fn all(field: &Field, record: &Value) -> Vec<Scalar> {
    let value = field.path.to_string().split('.').fold(record.clone(), |value, name| value[name].clone());
    let scalar = |value: &Value| match value {
        Value::Bool(value) => Some(Scalar::Bool(*value)),
        Value::Number(number) => Some(Scalar::Number(number.clone())),
        Value::String(text) => Some(Scalar::Text(text.clone())),
        _ => None,
    };
    match field.reading {
        Reading::Value => scalar(&value).into_iter().collect(),
        Reading::Instant => value.as_str().and_then(Scalar::instant).into_iter().collect(),
        Reading::Member => value.as_array().into_iter().flatten().filter_map(scalar).collect(),
    }
}

fn order(one: &Scalar, other: &Scalar) -> Option<Ordering> {
    match (one, other) {
        (Scalar::Bool(one), Scalar::Bool(other)) => Some(one.cmp(other)),
        (Scalar::Text(one), Scalar::Text(other)) => Some(one.cmp(other)),
        (Scalar::Instant(one), Scalar::Instant(other)) => Some(one.cmp(other)),
        (Scalar::Number(one), Scalar::Number(other)) => match (one.as_i128(), other.as_i128()) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => one.as_f64().partial_cmp(&other.as_f64()),
        },
        _ => None,
    }
}

fn sorted(one: Option<&Scalar>, other: Option<&Scalar>) -> Ordering {
    let class = |value: Option<&Scalar>| match value {
        None => 0,
        Some(Scalar::Bool(_)) => 1,
        Some(Scalar::Number(_)) => 2,
        Some(Scalar::Text(_)) => 3,
        Some(Scalar::Instant(_)) => 4,
    };
    class(one).cmp(&class(other)).then_with(|| match (one, other) {
        (Some(one), Some(other)) => order(one, other).unwrap(),
        _ => Ordering::Equal,
    })
}
