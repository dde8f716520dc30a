//! What queries mean, told a second time without SQL.

use std::cmp::Ordering;

use serde_json::Value;

/// A record of the model.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) uri: String,
    pub(crate) did: String,
    pub(crate) json: Value,
    /// Where it stands in order of time.
    pub(crate) made: usize,
    pub(crate) indexed_at: i64,
}

/// The AT URIs of all records that the query asks for, in its order.
pub(crate) fn answer(rows: &[Row], query: &Value) -> Vec<String> {
    let wanted = |row: &&Row| {
        query["did"].as_str().is_none_or(|did| did == row.did)
            && query.get("filter").is_none_or(|filter| lets_through(filter, &row.json))
    };
    let mut found: Vec<&Row> = rows.iter().filter(wanted).collect();
    found.sort_by(|one, other| {
        let uris = || one.uri.cmp(&other.uri);
        match query["sort"].as_str() {
            None => one.made.cmp(&other.made),
            Some("indexed_at") => one.indexed_at.cmp(&other.indexed_at).then_with(uris),
            Some("did") => one.did.cmp(&other.did).then_with(uris),
            Some("uri") => uris(),
            Some(path) => in_order(at(&one.json, path), at(&other.json, path)).then_with(uris),
        }
    });
    if query["sortDirection"] != "asc" {
        found.reverse();
    }
    found.into_iter().map(|row| row.uri.clone()).collect()
}

/// The AT URIs of the records whose field contains the text, the best first.
pub(crate) fn search(rows: &[Row], field: &str, text: &str, limit: usize) -> Vec<String> {
    let text = text.to_ascii_lowercase();
    let mut found: Vec<(usize, String, &String)> = rows
        .iter()
        .filter_map(|row| Some((at(&row.json, field)?.as_str()?.to_ascii_lowercase(), &row.uri)))
        .filter(|(value, _)| value.contains(&text))
        .map(|(value, uri)| {
            let rank = if value == text { 0 } else { 2 - usize::from(value.starts_with(&text)) };
            (rank, value.chars().take(find::SORTED_CHARS).collect(), uri)
        })
        .collect();
    found.sort();
    found.into_iter().take(limit).map(|(_, _, uri)| uri.clone()).collect()
}

fn lets_through(filter: &Value, record: &Value) -> bool {
    if let Some(nodes) = filter.as_array() {
        return nodes.iter().all(|node| lets_through(node, record));
    }
    if let Some(nodes) = filter["conditions"].as_array() {
        let mut nodes = nodes.iter().map(|node| lets_through(node, record));
        return if filter["op"] == "OR" { nodes.any(|yes| yes) } else { nodes.all(|yes| yes) };
    }
    let (op, wanted) = (filter["op"].as_str().unwrap_or("="), &filter["value"]);
    let Some(value) = at(record, filter["field"].as_str().unwrap()).filter(|value| !value.is_null()) else {
        return false;
    };
    match (op, compare(value, wanted)) {
        ("!=", order) => order != Some(Ordering::Equal),
        ("LIKE" | "NOT LIKE", _) => value.as_str().is_some_and(|text| {
            let pattern: Vec<char> = wanted.as_str().unwrap().chars().collect();
            like(&text.chars().collect::<Vec<_>>(), &pattern) == (op == "LIKE")
        }),
        (_, None) => false,
        ("=", Some(order)) => order.is_eq(),
        ("<", Some(order)) => order.is_lt(),
        (">", Some(order)) => order.is_gt(),
        ("<=", Some(order)) => order.is_le(),
        (">=", Some(order)) => order.is_ge(),
        (op, _) => panic!("no operator: {op}"),
    }
}

fn at<'j>(record: &'j Value, path: &str) -> Option<&'j Value> {
    path.split('.').try_fold(record, |value, segment| {
        let mut steps = segment.split('[');
        let value = value.as_object()?.get(steps.next()?)?;
        steps.try_fold(value, |value, index| {
            value.as_array()?.get(index.trim_end_matches(']').parse::<usize>().ok()?)
        })
    })
}

/// `None` between values that cannot be compared.
fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::String(one), Value::String(other)) => Some(one.cmp(other)),
        (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
        (Value::Number(one), Value::Number(other)) => match (one.as_i128(), other.as_i128()) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => one.as_f64().partial_cmp(&other.as_f64()),
        },
        _ => None,
    }
}

fn in_order(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    let class = |value: Option<&Value>| match value {
        None | Some(Value::Null | Value::Array(_) | Value::Object(_)) => 0,
        Some(Value::Bool(_)) => 1,
        Some(Value::Number(_)) => 2,
        Some(Value::String(_)) => 3,
    };
    let beginning = |text: &str| text.chars().take(find::SORTED_CHARS).collect::<String>();
    class(one).cmp(&class(other)).then_with(|| match (one, other) {
        (Some(Value::String(one)), Some(Value::String(other))) => beginning(one).cmp(&beginning(other)),
        (Some(one), Some(other)) => compare(one, other).unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    })
}

fn like(text: &[char], pattern: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|skipped| like(&text[skipped..], rest)),
        Some((wanted, rest)) => text.split_first().is_some_and(|(char, text)| {
            (*wanted == '_' || char.eq_ignore_ascii_case(wanted)) && like(text, rest)
        }),
    }
}
