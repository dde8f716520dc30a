//! Lexicons against the protocol's vectors, and what an operator may upload by mistake.

pub(crate) mod corpus;
mod values;

use atproto::lexicon::{Lexicon, LexiconError, LexiconType, MAX_BYTES};
use serde_json::{Value, json};

use crate::vectors;

fn parse(document: &Value) -> Result<Lexicon, LexiconError> {
    Lexicon::parse(&document.to_string())
}

fn message(document: &Value) -> String {
    parse(document).expect_err("accepted").to_string()
}

#[test]
fn valid_lexicons_are_accepted_without_warnings() {
    for vector in vectors::json("lexicon/lexicon-valid.json").as_array().unwrap() {
        let lexicon = parse(&vector["lexicon"]).unwrap();
        assert!(lexicon.warnings().is_empty(), "{}: {:?}", vector["name"], lexicon.warnings());
    }
    for (name, kind) in [
        ("record", LexiconType::Record),
        ("query", LexiconType::Query),
        ("procedure", LexiconType::Procedure),
        ("subscription", LexiconType::Definitions),
        ("permission-set", LexiconType::Definitions),
    ] {
        let lexicon = Lexicon::parse(&vectors::text(&format!("lexicon/{name}.json"))).unwrap();
        assert_eq!(lexicon.kind(), kind, "{name}");
        assert!(lexicon.warnings().is_empty(), "{name}: {:?}", lexicon.warnings());
    }
}

/// Of the invalid ones those without a usable `lexicon`, `id` or `defs` are refused. The rest are mistakes inside
/// definitions the server does not run on: they are accepted with a warning.
#[test]
fn invalid_lexicons_are_refused_or_warned_about() {
    for vector in vectors::json("lexicon/lexicon-invalid.json").as_array().unwrap() {
        let result = parse(&vector["lexicon"]);
        match vector["name"].as_str().unwrap() {
            "invalid lexicon field" => assert!(matches!(result, Err(LexiconError::Version(_)))),
            "invalid id field" => assert!(matches!(result, Err(LexiconError::NoId))),
            "invalid NSID" => assert!(matches!(result, Err(LexiconError::Id(_)))),
            name => assert_eq!(result.unwrap().warnings().len(), 1, "{name}"),
        }
    }
}

/// The names of fields, and values that only mean something inside of the lexicon.
#[test]
fn examples_of_bad_style_are_warned_about() {
    for vector in vectors::json("lexicon/lint-examples.json").as_array().unwrap() {
        let lexicon = parse(&vector["schema"]).unwrap();
        let issues = vector["issues"].as_array().unwrap().len();
        assert_eq!(lexicon.warnings().len(), issues, "{}: {:?}", vector["name"], lexicon.warnings());
        assert_eq!(lexicon.unreadable(), None, "{}", vector["name"]);
    }
}

#[test]
fn warnings_say_where_and_what() {
    let lexicon = parse(&json!({"lexicon": 1, "id": "com.example.x", "defs": {
        "main": {"type": "record", "key": "uuid", "record": {"type": "object", "nullable": ["gone"], "properties": {
            "a": {"type": "float"}, "b": {"type": "array", "items": {"type": "string", "format": "phone"}},
            "c": {"type": "ref", "ref": "#gone"}, "d": {"type": "ref", "ref": "not a name"},
            "e": {"type": "string", "minLength": 3, "maxLength": 2}, "f": {"type": "integer", "maximum": "ten"},
            "g": {"type": "integer", "maximum": 10, "default": 11}, "h": {"type": "token"}, "i": {},
            "j": {"type": "union", "refs": [], "closed": true},
        }}},
        "q": {"type": "query"}, "2": {"type": "token"},
    }}))
    .unwrap();
    let mut warnings: Vec<&str> = lexicon.warnings().iter().map(String::as_str).collect();
    warnings.sort_unstable();
    let field = |name: &str, what: &str| format!("`defs.main.record.properties.{name}` {what}");
    let mut expected = vec![
        "`defs.2` has a name that is not made of letters and digits".to_owned(),
        "`defs.main` has the `key` `uuid`, which is none of tid, nsid, any and literal:…".to_owned(),
        "`defs.main.record` lets be null `gone`, which is not among its properties".to_owned(),
        field("a", "has the type `float`, which is none of the language"),
        field("b.items", "has the format `phone`, which is unknown"),
        field("c", "refers to `#gone`, which is not defined"),
        field("d", "refers to `not a name`, which is no name of a type"),
        field("e", "has a `minLength` that is more than its `maxLength`: nothing can be that"),
        field("f", "has a `maximum` that is not an integer"),
        field("g", "has a `default` that it does not allow itself"),
        field("h", "is a token, which only a definition of its own can be"),
        field("i", "has no `type`"),
        field("j", "is a closed union of nothing"),
        "`defs.q` is a query, which only `main` can be".to_owned(),
    ];
    expected.sort_unstable();
    assert_eq!(warnings, expected);
    assert!(lexicon.unreadable().is_some());
    let many: serde_json::Map<String, Value> = (0..500).map(|n| (format!("a{n}"), json!({}))).collect();
    let lexicon = parse(&json!({"lexicon": 1, "id": "com.example.x", "defs": many})).unwrap();
    assert_eq!(lexicon.warnings().len(), 51, "a bounded number of them");
}

#[test]
fn main_decides_what_a_lexicon_is_for() {
    for (main, kind) in [
        (json!({"type": "record"}), "record"),
        (json!({"type": "query"}), "query"),
        (json!({"type": "procedure"}), "procedure"),
        (json!({"type": "space", "key": "any", "name": "Space", "collections": []}), "space"),
        (json!({"type": "object"}), "definitions"),
        (json!({"type": "token"}), "definitions"),
        (json!({"type": "permission-set"}), "definitions"),
        (json!({"type": 7}), "definitions"),
        (json!(null), "definitions"),
    ] {
        let lexicon = parse(&json!({"lexicon": 1, "id": "com.example.x", "defs": {"main": main}})).unwrap();
        assert_eq!(lexicon.kind().as_str(), kind);
    }
    let without = parse(&json!({"lexicon": 1, "id": "com.example.x", "defs": {}})).unwrap();
    assert_eq!((without.kind(), without.main()), (LexiconType::Definitions, None));
}

#[test]
fn parts_are_accessible_as_json() {
    let record = Lexicon::parse(&vectors::text("lexicon/record.json")).unwrap();
    assert_eq!(record.id().as_str(), "example.lexicon.record");
    assert_eq!(record.main().unwrap()["key"], "literal:demo");
    assert_eq!(record.record().unwrap()["required"], json!(["integer"]));
    assert_eq!(record.record_schema().unwrap()["integer"]["type"], "integer");
    assert_eq!(record.parameters(), None);
    let query = Lexicon::parse(&vectors::text("lexicon/query.json")).unwrap();
    assert_eq!(query.parameters().unwrap()["boolean"]["type"], "boolean");
    assert_eq!(query.record_schema(), None);
}

#[test]
fn errors_tell_the_operator_what_to_change() {
    assert_eq!(
        message(&json!({"id": "com.example.x", "defs": {}})),
        "`lexicon` must be the number 1, which is the only version of the schema language, but it is missing"
    );
    assert!(message(&json!({"lexicon": 2, "id": "com.example.x", "defs": {}})).ends_with("but it is 2"));
    assert!(
        message(&json!({"lexicon": "1", "id": "com.example.x", "defs": {}})).ends_with("but it is \"1\"")
    );
    assert_eq!(
        message(&json!({"lexicon": 1, "id": "nope", "defs": {}})),
        r#"`id`: "nope" is not a valid NSID: must have at least 3 segments"#
    );
    assert!(message(&json!({"lexicon": 1, "id": "com.example.x", "defs": []})).starts_with("`defs` must be"));
    assert_eq!(
        message(
            &json!({"lexicon": 1, "id": "com.example.x", "defs": {"main": {"type": "space", "key": "a"}}})
        ),
        "a lexicon of type space needs `main.name`, a string of 1 to 64 characters"
    );
    assert!(Lexicon::parse("{").unwrap_err().to_string().starts_with("the lexicon cannot be read: "));
    assert_eq!(
        Lexicon::parse("[]").unwrap_err().to_string(),
        "the lexicon cannot be read: the JSON is not an object"
    );
}

#[test]
fn a_space_needs_its_fields() {
    let whole =
        json!({"type": "space", "key": "tid", "name": "n".repeat(64), "collections": ["com.example.a"]});
    let with = |field: &str, value: Value| {
        let mut main = whole.clone();
        main[field] = value;
        parse(&json!({"lexicon": 1, "id": "com.example.x", "spaceType": "group", "defs": {"main": main}}))
    };
    assert_eq!(with("key", json!("any")).unwrap().kind(), LexiconType::Space);
    for (field, value) in [
        ("key", json!(1)),
        ("name", json!("")),
        ("name", json!("n".repeat(65))),
        ("name", Value::Null),
        ("collections", json!("com.example.a")),
    ] {
        assert!(matches!(with(field, value), Err(LexiconError::Space(_))), "{field}");
    }
}

#[test]
fn size_and_depth_are_bounded() {
    let mut document = json!({"lexicon": 1, "id": "com.example.x", "defs": {}, "description": ""});
    let room = MAX_BYTES - document.to_string().len();
    document["description"] = "d".repeat(room).into();
    assert!(parse(&document).is_ok());
    document["description"] = "d".repeat(room + 1).into();
    assert!(message(&document).contains("bytes long"));
    let deep = format!(
        r#"{{"lexicon":1,"id":"com.example.x","defs":{}{}}}"#,
        "{\"a\":".repeat(64),
        "1".to_owned() + &"}".repeat(64)
    );
    assert!(Lexicon::parse(&deep).unwrap_err().to_string().contains("64 levels"));
}

#[test]
fn what_databases_cannot_keep_is_replaced() {
    let lexicon =
        Lexicon::parse(r#"{"lexicon":1,"id":"com.example.x","defs":{},"description":"a\u0000b\ud800"}"#)
            .unwrap();
    assert_eq!(lexicon.document()["description"], "a\u{fffd}b\u{fffd}");
}

#[test]
fn warnings_come_from_strict_validation_too() {
    let lexicon = parse(&json!({"lexicon": 1, "id": "com.example.x", "defs": {"main": {
        "type": "record", "key": "tid",
        "record": {"type": "object", "required": ["titel"], "properties": {"title": {"type": "string"}}},
    }}}))
    .unwrap();
    assert_eq!(lexicon.kind(), LexiconType::Record);
    let [warning] = lexicon.warnings() else { panic!("{:?}", lexicon.warnings()) };
    assert!(warning.contains("titel"), "{warning}");
}
