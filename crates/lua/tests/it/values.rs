//! JSON into Lua and out again.

use lua::{Returned, ScriptError};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::rig::{Rig, eval, failure, message, run, run_with, text_with};

async fn there_and_back(value: Value) -> String {
    text_with("function handle() return { value } end", json!({ "value": value })).await
}

#[tokio::test]
async fn json_passes_through_unchanged() {
    for text in [
        "{}",
        "[]",
        "[[],{}]",
        "[null]",
        r#"{"a":null,"b":[1,null,3]}"#,
        "[1,1.0,-0.0,0.1,1e300,9007199254740993,-9223372036854775808]",
        r#"["\u0000\"\\ä😀"]"#,
        r#"{"":1,"a b":2}"#,
    ] {
        let back = there_and_back(serde_json::from_str(text).unwrap()).await;
        assert_eq!(back, format!("[{text}]").replace("1e300", "1e+300"));
    }
}

#[tokio::test]
async fn values_of_lua() {
    for (expression, expected) in [
        ("json.encode{ 1, 2 }", r#"["[1,2]"]"#),
        ("json.encode{}", r#"["{}"]"#),
        ("json.encode(toarray{})", r#"["[]"]"#),
        ("json.encode{ b = 1, a = json.null }", r#"["{\"a\":null,\"b\":1}"]"#),
        ("json.encode{ [5] = 'x' }", r#"["{\"5\":\"x\"}"]"#),
        ("json.encode{ 1, 2, x = 3 }", r#"["{\"1\":1,\"2\":2,\"x\":3}"]"#),
        (
            "json.encode(nil), json.encode('a'), json.encode(1.0), json.encode(1)",
            r#"["null","\"a\"","1.0","1"]"#,
        ),
        (
            "#json.decode('[1,2]'), json.decode('null') == json.null, json.decode('{}').x == nil",
            "[2,true,true]",
        ),
        (
            "math.type(json.decode('1')), math.type(json.decode('1.0')), json.decode('18446744073709551615')",
            r#"["integer","float",1.8446744073709552e+19]"#,
        ),
        ("json.encode(json.decode('[]'))", r#"["[]"]"#),
        ("json.null and 'true', json.null == nil, type(json.null)", r#"["true",false,"userdata"]"#),
    ] {
        assert_eq!(eval(expression).await, expected, "{expression}");
    }
}

#[tokio::test]
async fn what_json_has_not_is_an_error_that_says_where() {
    for (body, expected) in [
        ("return { a = { 1, print } }", "the result.a[2] is a function, which JSON has not"),
        ("return 0/0", "the result is the number NaN, which JSON has not"),
        ("return '\\xff'", "the result is a string that is not UTF-8, which JSON has not"),
        ("return { [true] = 1 }", "the result is a table with a key that is a boolean, which JSON has not"),
        (
            "return { [1] = 1, ['1'] = 2 }",
            "the result is a table with a key that is both a number and a string, which JSON has not",
        ),
        ("test.echo(1, coroutine.create(print))", "test:2: argument #2 is a thread, which JSON has not"),
    ] {
        assert_eq!(message(body).await, expected, "{body}");
    }
    assert!(
        message("local t = {} t.t = t return t")
            .await
            .contains("the result.t.t.t.t.t.t.t… is a table more than 64")
    );
    assert!(
        message("return json.decode(('['):rep(65) .. (']'):rep(65))").await.contains("more than 64 levels")
    );
    assert_eq!(eval("#json.encode(json.decode(('['):rep(64) .. (']'):rep(64)))").await, "[128]");
}

#[tokio::test]
async fn the_three_kinds_of_result() {
    let rig = Rig::new(1);
    for (value, kind) in
        [("nil", 'n'), ("{}", 't'), ("true", 'o'), ("json.null", 'o'), ("1", 'o'), ("Record('x')", 't')]
    {
        let returned =
            rig.outcome(&format!("function handle() return {value} end"), run()).await.unwrap().returned;
        let found = match returned {
            Returned::Nil => 'n',
            Returned::Table(_) => 't',
            Returned::Other(_) => 'o',
        };
        assert_eq!(found, kind, "{value}");
    }
    assert!(matches!(rig.outcome("function handle() end", run()).await.unwrap().returned, Returned::Nil));
}

#[tokio::test]
async fn globals_that_are_null_are_nil() {
    let script = "function handle() return toarray{ a == nil, b.c == json.null, d } end";
    let globals = json!({ "a": null, "b": { "c": null }, "d": 4 });
    assert_eq!(text_with(script, globals).await, "[true,true,4]");
}

#[tokio::test]
async fn the_marker_of_arrays_is_not_for_scripts() {
    assert_eq!(eval("getmetatable(toarray{})").await, "[false]");
    assert!(message("setmetatable(toarray{}, {})").await.contains("protected metatable"));
    assert!(matches!(failure("return nothing.at_all").await, ScriptError::Runtime(_)));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{0,4}", inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

#[test]
fn any_json_comes_back_as_it_went_in() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let rig = Rig::new(1);
    let program =
        runtime.block_on(rig.engine.compile("test", "function handle() return { value } end")).unwrap();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(value in any_json())| {
        let outcome = runtime.block_on(rig.engine.run(&program, run_with(json!({ "value": value })))).unwrap();
        let Returned::Table(text) = outcome.returned else { panic!("a table") };
        let expected = if value.is_null() { json!({}) } else { json!([value]) };
        prop_assert_eq!(serde_json::from_str::<Value>(text.get()).unwrap(), expected);
    });
}

/// The text of a JSON value in which something was put in another's place.
fn damaged_json() -> impl Strategy<Value = String> {
    let pieces = [
        "\"",
        "\\",
        "\\u",
        "\\ud83d\\ude00",
        "\\ud83d",
        "\\ude00",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "-",
        "-0",
        "1e999",
        "1e-999",
        ".",
        "e",
        "00",
        "null",
        "tru",
        " ",
        "\n",
        "\u{1}",
        "é",
    ];
    (any_json(), any::<prop::sample::Index>(), 0..3_usize, prop::sample::select(pieces.to_vec())).prop_map(
        |(value, place, removed, piece)| {
            let mut characters: Vec<char> = json!([value]).to_string().chars().collect();
            let from = place.index(characters.len());
            let until = (from + removed).min(characters.len());
            characters.splice(from..until, piece.chars());
            characters.into_iter().collect()
        },
    )
}

#[test]
fn a_text_is_json_if_others_say_so() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let rig = Rig::new(1);
    let script = "function handle() return { (pcall(json.decode, text)) } end";
    let program = runtime.block_on(rig.engine.compile("test", script)).unwrap();
    let config = ProptestConfig { failure_persistence: None, cases: 1024, ..ProptestConfig::default() };
    proptest!(config, |(text in damaged_json())| {
        let outcome = runtime.block_on(rig.engine.run(&program, run_with(json!({ "text": text })))).unwrap();
        let Returned::Table(found) = outcome.returned else { panic!("a table") };
        let expected = json!([serde_json::from_str::<Value>(&text).is_ok()]);
        prop_assert_eq!(serde_json::from_str::<Value>(found.get()).unwrap(), expected, "{}", text);
    });
}
