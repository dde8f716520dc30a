//! Reading filters from JSON, in all the forms that scripts use.

use serde_json::{Map, Value};

use super::{Condition, Literal, MAX_DEPTH, MAX_NODES, Node, Operator};
use crate::Error;
use crate::arguments::text;
use crate::error::excerpt;

pub(super) fn filter(json: &Value) -> Result<Node, Error> {
    let mut left = MAX_NODES;
    node(json, 1, &mut left)
}

/// Reads a node; as a group it would be on level `depth`. `left` is how many nodes may still come.
fn node(json: &Value, depth: usize, left: &mut usize) -> Result<Node, Error> {
    *left = left.checked_sub(1).ok_or(Error::FilterSize)?;
    match json {
        Value::Object(table) if table.contains_key("field") => condition(table).map(Node::Condition),
        Value::Object(_) | Value::Array(_) if depth > MAX_DEPTH => Err(Error::FilterDepth),
        Value::Object(table) => {
            let any = is_any(table)?;
            let nodes = nodes(members(table), depth, left)?;
            Ok(if any { Node::Any(nodes) } else { Node::All(nodes) })
        }
        Value::Array(list) => nodes(list.iter(), depth, left).map(Node::All),
        _ => Err(Error::Argument {
            name: "filter",
            expected: "a table with field and value, or a group of such",
        }),
    }
}

fn nodes<'j>(
    members: impl IntoIterator<Item = &'j Value>,
    depth: usize,
    left: &mut usize,
) -> Result<Vec<Node>, Error> {
    let nodes: Vec<Node> =
        members.into_iter().map(|member| node(member, depth + 1, left)).collect::<Result<_, _>>()?;
    if nodes.is_empty() { Err(Error::EmptyGroup) } else { Ok(nodes) }
}

/// Whether one matching node is enough.
fn is_any(table: &Map<String, Value>) -> Result<bool, Error> {
    let combine = table.get("combine").or_else(|| table.get("op")).filter(|combine| !combine.is_null());
    match combine.map(|combine| combine.as_str().map(str::to_ascii_uppercase)) {
        None => Ok(false),
        Some(Some(word)) if word == "AND" => Ok(false),
        Some(Some(word)) if word == "OR" => Ok(true),
        Some(_) => Err(Error::Argument { name: "combine", expected: "\"AND\" or \"OR\"" }),
    }
}

/// The nodes of a group: its positional fields in their order, then the list `conditions`.
fn members(table: &Map<String, Value>) -> Vec<&Value> {
    let mut members = positional(table);
    match table.get("conditions") {
        Some(Value::Array(list)) => members.extend(list),
        Some(Value::Object(table)) => members.extend(positional(table)),
        _ => {}
    }
    members
}

fn positional(table: &Map<String, Value>) -> Vec<&Value> {
    let mut numbered: Vec<(u32, &Value)> =
        table.iter().filter_map(|(key, value)| Some((key.parse().ok()?, value))).collect();
    numbered.sort_unstable_by_key(|(number, _)| *number);
    numbered.into_iter().map(|(_, value)| value).collect()
}

fn condition(table: &Map<String, Value>) -> Result<Condition, Error> {
    let name = table.get("field").and_then(Value::as_str);
    let name = name.ok_or(Error::Argument { name: "filter field", expected: "a string" })?;
    let field = name.parse().map_err(|_| Error::FilterField(excerpt(name)))?;
    let operator = operator(table.get("op"))?;
    let value = literal(table.get("value"))?;
    if matches!(operator, Operator::Like | Operator::NotLike) && !matches!(value, Literal::Text(_)) {
        return Err(Error::Argument {
            name: "filter value",
            expected: "a string when op is LIKE or NOT LIKE",
        });
    }
    Ok(Condition { field, operator, value })
}

fn operator(json: Option<&Value>) -> Result<Operator, Error> {
    let expected = "one of =, !=, <, >, <=, >=, LIKE, NOT LIKE";
    let word = match json {
        None | Some(Value::Null) => return Ok(Operator::Equal),
        Some(Value::String(word)) => word.to_ascii_uppercase(),
        Some(_) => return Err(Error::Argument { name: "filter op", expected }),
    };
    Ok(match word.as_str() {
        "=" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        ">" => Operator::Greater,
        "<=" => Operator::LessOrEqual,
        ">=" => Operator::GreaterOrEqual,
        "LIKE" => Operator::Like,
        "NOT LIKE" => Operator::NotLike,
        _ => return Err(Error::Argument { name: "filter op", expected }),
    })
}

fn literal(json: Option<&Value>) -> Result<Literal, Error> {
    match json {
        Some(value @ Value::String(_)) => text("filter value", value).map(Literal::Text),
        Some(Value::Number(number)) => Ok(Literal::Number(number.clone())),
        Some(Value::Bool(value)) => Ok(Literal::Bool(*value)),
        _ => Err(Error::Argument { name: "filter value", expected: "a string, a number or a boolean" }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::Filter;

    fn is(field: &str) -> Value {
        json!({"field": field, "value": 1})
    }

    fn refusal(json: &Value) -> String {
        Filter::parse(json).unwrap_err().to_string()
    }

    #[test]
    fn every_spelling_of_a_group_means_the_same() {
        let positional = json!({"combine": "or", "2": is("b"), "1": is("a"), "10": is("c")});
        let listed = json!({"op": "OR", "conditions": [is("a"), is("b"), is("c")]});
        let mixed = json!({"combine": "OR", "conditions": {"1": is("a"), "2": is("b"), "3": is("c")}});
        let filter = Filter::parse(&positional).unwrap();
        assert!(matches!(&filter.0, Node::Any(nodes) if nodes.len() == 3));
        assert_eq!(Filter::parse(&listed).unwrap(), filter);
        assert_eq!(Filter::parse(&mixed).unwrap(), filter);
        let all = Filter::parse(&json!([is("a"), is("b")])).unwrap();
        assert_eq!(Filter::parse(&json!({"1": is("a"), "2": is("b")})).unwrap(), all);
        assert_eq!(Filter::parse(&json!({"combine": "And", "1": is("a"), "2": is("b")})).unwrap(), all);
    }

    #[test]
    fn a_table_with_a_field_is_a_condition() {
        let like = json!({"field": "a.b[2]", "op": "not like", "value": "x%", "conditions": [1]});
        let Node::Condition(condition) = Filter::parse(&like).unwrap().0 else { panic!("a condition") };
        assert_eq!((condition.field.to_string().as_str(), condition.operator), ("a.b[2]", Operator::NotLike));
        let nul = Filter::parse(&json!({"field": "a", "value": "x\0"})).unwrap();
        assert!(
            matches!(nul.0, Node::Condition(Condition { value: Literal::Text(text), .. }) if text == "x\u{FFFD}")
        );
    }

    #[test]
    fn groups_nest_five_levels_deep() {
        let nested = |levels: usize| (0..levels).fold(is("a"), |node, _| json!([node]));
        assert!(Filter::parse(&nested(5)).is_ok());
        assert_eq!(refusal(&nested(6)), "filter nesting too deep (max 5 levels)");
        assert_eq!(refusal(&nested(100)), "filter nesting too deep (max 5 levels)");
    }

    #[test]
    fn size_is_bounded() {
        let wide = |nodes: usize| Value::Array(vec![is("a"); nodes]);
        assert!(Filter::parse(&wide(99)).is_ok());
        assert_eq!(refusal(&wide(100)), "filter too large (max 100 conditions and groups)");
        assert!(refusal(&json!({"field": "a", "value": "x".repeat(8193)})).contains("8192"));
    }

    fn json() -> impl Strategy<Value = Value> {
        const WORDS: &[&str] =
            &["field", "op", "value", "combine", "conditions", "1", "2", "AND", "a.b", "="];
        let words = prop::sample::select(WORDS);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            words.clone().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(8, 128, 6, move |inner| {
            let name = words.clone().prop_map(str::to_owned);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map(name, inner, 0..6).prop_map(|table| table.into_iter().collect()),
            ]
        })
    }

    fn depth_and_size(node: &Node) -> (usize, usize) {
        let (Node::All(nodes) | Node::Any(nodes)) = node else { return (0, 1) };
        assert!(!nodes.is_empty());
        let members = nodes.iter().map(depth_and_size);
        let (depth, size) = members.fold((0, 0), |(depth, size), (d, s)| (depth.max(d), size + s));
        (depth + 1, size + 1)
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_within_bounds(json in json()) {
            if let Ok(filter) = Filter::parse(&json) {
                let (depth, size) = depth_and_size(&filter.0);
                prop_assert!(depth <= MAX_DEPTH && size <= MAX_NODES);
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let quoted = json!({"field": "a' OR 1", "value": 1});
        assert!(refusal(&quoted).starts_with("invalid filter field \"a' OR 1\": "));
        for (json, begins) in [
            (json!([]), "filter group is empty"),
            (json!({}), "filter group is empty"),
            (json!({"combine": "OR"}), "filter group is empty"),
            (json!({"op": "AND", "conditions": {}}), "filter group is empty"),
            (json!([[is("a")], []]), "filter group is empty"),
            (json!({"combine": "XOR", "1": is("a")}), "combine must be"),
            (json!({"combine": 1, "1": is("a")}), "combine must be"),
            (json!("a = 1"), "filter must be"),
            (json!([1]), "filter must be"),
            (json!({"field": 1, "value": 1}), "filter field must be"),
            (json!({"field": "a"}), "filter value must be"),
            (json!({"field": "a", "value": null}), "filter value must be"),
            (json!({"field": "a", "value": [1]}), "filter value must be"),
            (json!({"field": "a", "op": "~", "value": 1}), "filter op must be"),
            (json!({"field": "a", "op": 1, "value": 1}), "filter op must be"),
            (json!({"field": "a", "op": "LIKE", "value": 1}), "filter value must be a string when"),
        ] {
            assert!(refusal(&json).starts_with(begins), "{json}: {}", refusal(&json));
        }
    }
}
