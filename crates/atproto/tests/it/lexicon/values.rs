//! Values against lexicons: the protocol's vectors, each constraint, and lexicons that lead nowhere.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use atproto::Nsid;
use atproto::lexicon::{Compiled, Data, Invalid, Lexicon, NoOthers, Verdict};
use serde_json::{Value, json};

use crate::vectors;

fn compiled(document: &Value) -> Arc<Compiled> {
    Arc::clone(Lexicon::parse(&document.to_string()).unwrap().compiled())
}

/// A record lexicon with these definitions besides.
fn lexicon(record: &Value, others: &Value) -> Arc<Compiled> {
    let mut document = json!({"lexicon": 1, "id": "com.example.thing", "defs": {
        "main": {"type": "record", "key": "any", "record": record},
    }});
    for (name, definition) in others.as_object().into_iter().flatten() {
        document["defs"][name] = definition.clone();
    }
    compiled(&document)
}

/// Checks the field `x` of a record whose type is given; as text and as a tree, which must not differ.
fn field(of: &Value, others: &Value, value: &Value) -> Result<Verdict, String> {
    let lexicon = lexicon(&json!({"type": "object", "properties": {"x": of}}), others);
    let record = json!({"$type": "com.example.thing", "x": value});
    check(&lexicon, &record).map_err(|invalid| invalid.to_string())
}

fn check(lexicon: &Compiled, record: &Value) -> Result<Verdict, Invalid> {
    let text = record.to_string();
    let of_text = lexicon.check_record(&NoOthers, Some("a"), &Data::parse(&text).unwrap());
    let of_tree = lexicon.check_record(&NoOthers, Some("a"), &Data::of_value(record).unwrap());
    assert_eq!(of_text, of_tree);
    of_text
}

fn refused(of: &Value, value: &Value) -> String {
    field(of, &Value::Null, value).unwrap_err()
}

#[track_caller]
fn passes(of: &Value, value: &Value) {
    assert_eq!(field(of, &Value::Null, value), Ok(Verdict::default()), "{of} {value}");
}

#[test]
fn records_of_the_vectors() {
    let catalogue: HashMap<Nsid, Arc<Compiled>> =
        ["record", "query", "procedure", "subscription", "permission-set"]
            .iter()
            .map(|name| {
                let lexicon = Lexicon::parse(&vectors::text(&format!("lexicon/{name}.json"))).unwrap();
                assert_eq!((lexicon.warnings(), lexicon.unreadable()), (&[][..], None), "{name}");
                (lexicon.id().clone(), Arc::clone(lexicon.compiled()))
            })
            .collect();
    let check = |vector: &Value| {
        let lexicon = &catalogue[vector["data"]["$type"].as_str().unwrap()];
        let text = vector["data"].to_string();
        lexicon.check_record(&catalogue, vector["rkey"].as_str(), &Data::parse(&text).unwrap())
    };
    let valid = vectors::json("lexicon/record-data-valid.json");
    for vector in valid.as_array().unwrap() {
        assert_eq!(check(vector), Ok(Verdict::default()), "{}", vector["name"]);
        let elsewhere = json!({"rkey": "other", "data": vector["data"]});
        assert_eq!(
            check(&elsewhere).unwrap_err().to_string(),
            r#"record key: must be "demo", but it is "other""#
        );
    }
    let invalid = vectors::json("lexicon/record-data-invalid.json");
    let mut messages = String::new();
    for vector in invalid.as_array().unwrap() {
        let name = vector["name"].as_str().unwrap();
        let problem = check(vector).expect_err(name);
        writeln!(messages, "{problem}").unwrap();
    }
    // Each for its own reason, and said so.
    for message in [
        "/integer: is required",
        "/boolean: must be a boolean, but it is a string",
        "/string: must be a string, but it is null",
        "/formats/handle: must have the format handle, but it is \"123\"",
        "/constInteger: must be 42",
        "/enumInteger: must be one of 4, 9, 16, 25",
        "/rangeInteger: more than 20",
        "/lenString: shorter than 10 bytes",
        "/graphemeString: longer than 20 graphemes",
        "/array/0: must be an integer, but it is a boolean",
        "/sizeBlob/size: more than 20 bytes",
        "/acceptBlob/mimeType: must be \"image/*\", but it is \"text/plain\"",
        "/union: lacks `$type`, which says which of several types it is",
        "/closedUnion/$type: must be \"example.lexicon.record#demoObject\"",
        "/union/a: must be an integer, but it is a string",
    ] {
        assert!(messages.contains(&format!("{message}\n")), "{message}\n\n{messages}");
    }
}

#[test]
fn formats_of_the_vectors() {
    for (format, files) in [
        ("at-identifier", "atidentifier_syntax"),
        ("at-uri", "aturi_syntax"),
        ("datetime", "datetime_syntax"),
        ("did", "did_syntax"),
        ("handle", "handle_syntax"),
        ("language", "language_syntax"),
        ("nsid", "nsid_syntax"),
        ("record-key", "recordkey_syntax"),
        ("tid", "tid_syntax"),
        ("uri", "uri_syntax"),
        ("cid", "cid_syntax"),
    ] {
        let of = json!({"type": "string", "format": format});
        for text in vectors::lines(&format!("syntax/{files}_valid.txt")) {
            passes(&of, &text.into());
        }
        let mut invalid = vectors::lines(&format!("syntax/{files}_invalid.txt"));
        if ["datetime", "language"].contains(&format) {
            invalid.extend(vectors::lines(&format!("syntax/{format}_parse_invalid.txt")));
        }
        for text in invalid {
            let message = format!("/x: must have the format {format}, but it is ");
            assert!(refused(&of, &text.clone().into()).starts_with(&message), "{format} {text:?}");
        }
    }
    let datetime = json!({"type": "string", "format": "datetime"});
    passes(&datetime, &json!("0000-01-01T01:00:00+01:00"));
    refused(&datetime, &json!("2016-12-31T23:59:60Z"));
}

#[test]
fn numbers_are_integers_of_64_bits() {
    let of = json!({"type": "integer"});
    for number in [json!(0), json!(i64::MIN), json!(i64::MAX)] {
        passes(&of, &number);
    }
    for number in [json!(u64::MAX), json!(1.0), json!(1.5)] {
        assert!(refused(&of, &number).starts_with("/x: must be an integer, but it is a number"));
    }
    assert_eq!(refused(&json!({"type": "integer", "minimum": -5}), &json!(-6)), "/x: less than -5");
    passes(&json!({"type": "integer", "minimum": -5, "maximum": -5}), &json!(-5));
    assert_eq!(refused(&json!({"type": "boolean", "const": true}), &json!(false)), "/x: must be true");
}

#[test]
fn strings_are_measured_in_bytes_and_in_graphemes() {
    let bytes = json!({"type": "string", "minLength": 2, "maxLength": 4});
    passes(&bytes, &json!("é"));
    passes(&bytes, &json!("éé"));
    assert_eq!(refused(&bytes, &json!("éé.")), "/x: longer than 4 bytes");
    assert_eq!(refused(&bytes, &json!("e")), "/x: shorter than 2 bytes");
    let graphemes = json!({"type": "string", "minGraphemes": 2, "maxGraphemes": 2});
    for text in ["🇩🇪🏳️‍🌈", "ab", "a\r\n", "e\u{301}e"] {
        passes(&graphemes, &text.into());
    }
    assert_eq!(refused(&graphemes, &json!("🏳️‍🌈")), "/x: shorter than 2 graphemes");
    assert_eq!(refused(&graphemes, &json!("🏳️‍🌈ab")), "/x: longer than 2 graphemes");
    assert_eq!(refused(&graphemes, &json!("a\r\nb")), "/x: longer than 2 graphemes");
    passes(&json!({"type": "string", "knownValues": ["a"]}), &json!("b"));
    assert_eq!(refused(&json!({"type": "string", "const": "a"}), &json!("b")), r#"/x: must be "a""#);
    let one = json!({"type": "string", "minGraphemes": 1});
    passes(&one, &json!("\u{301}"));
    assert_eq!(refused(&one, &json!("")), "/x: shorter than 1 grapheme");
    assert_eq!(refused(&json!({"type": "string", "maxLength": 0}), &json!("x")), "/x: longer than 0 bytes");
}

#[test]
fn bytes_links_and_blobs_are_objects_of_their_own() {
    const CID: &str = "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq";
    let bytes = json!({"type": "bytes", "maxLength": 3});
    passes(&bytes, &json!({"$bytes": "AAAA"}));
    assert_eq!(refused(&bytes, &json!({"$bytes": "AAAAAA=="})), "/x: longer than 3 bytes");
    assert_eq!(refused(&bytes, &json!({"$bytes": "A-_A"})), "/x/$bytes: must be base64");
    refused(&bytes, &json!({"$bytes": "AAAA", "more": 1}));
    passes(&json!({"type": "cid-link"}), &json!({"$link": CID}));
    refused(&json!({"type": "cid-link"}), &json!({"$link": "bafy"}));
    refused(&json!({"type": "cid-link"}), &json!({"$link": CID, "more": 1}));
    let blob = json!({"type": "blob", "accept": ["image/*", "text/plain"], "maxSize": 10});
    let of = |mime: &str, size: Value| json!({"$type": "blob", "ref": {"$link": CID}, "mimeType": mime, "size": size});
    passes(&blob, &of("image/webp", json!(10)));
    assert_eq!(refused(&blob, &of("image/webp", json!(11))), "/x/size: more than 10 bytes");
    assert_eq!(refused(&blob, &of("image/webp", json!(-1))), "/x/size: must be a number of bytes");
    assert_eq!(
        refused(&blob, &of("text/html", json!(1))),
        r#"/x/mimeType: must be one of "image/*", "text/plain", but it is "text/html""#
    );
    // As they were before 2023.
    passes(&blob, &json!({"cid": CID, "mimeType": "image/png"}));
    refused(&blob, &json!({"cid": "x", "mimeType": "image/png"}));
    let unknown = json!({"type": "unknown"});
    passes(&unknown, &json!({"$type": "com.example.other", "a": 1}));
    for value in
        [of("a/b", json!(1)), json!({"$link": CID}), json!({"$bytes": "AAAA"}), json!([]), json!(null)]
    {
        refused(&unknown, &value);
    }
}

#[test]
fn objects_are_open_and_say_what_is_missing() {
    let lexicon = lexicon(
        &json!({"type": "object", "required": ["a", "b", "c"], "nullable": ["b"], "properties": {
            "a": {"type": "object", "required": ["n"], "properties": {"n": {"type": "null"}}},
            "b": {"type": "string"}, "c": {"type": "integer", "default": 3}, "d": {"type": "integer"},
        }}),
        &Value::Null,
    );
    let check = |record: Value| check(&lexicon, &record).map_err(|invalid| invalid.to_string());
    let whole =
        json!({"$type": "com.example.thing", "a": {"n": null, "more": 1}, "b": null, "unknown": [1.5]});
    assert_eq!(check(whole.clone()), Ok(Verdict::default()), "a default stands in for what is required");
    let without = |name: &str| {
        let mut record = whole.clone();
        record.as_object_mut().unwrap().remove(name);
        check(record)
    };
    assert_eq!(without("b"), Err("/b: is required".to_owned()));
    assert_eq!(without("$type"), Err("/$type: is required".to_owned()));
    let with = |name: &str, value: Value| {
        let mut record = whole.clone();
        record[name] = value;
        check(record)
    };
    assert_eq!(with("d", json!(null)), Err("/d: must be an integer, but it is null".to_owned()));
    assert_eq!(with("a", json!({})), Err("/a/n: is required".to_owned()));
    assert_eq!(
        with("$type", json!("com.example.other")),
        Err(r#"/$type: must be "com.example.thing""#.to_owned())
    );
    assert_eq!(check(json!([])), Err("/: must be an object, but it is an array".to_owned()));
}

#[test]
fn many_required_fields_are_counted_too() {
    let names: Vec<String> = (0..200).map(|number| format!("f{number}")).collect();
    let properties: serde_json::Map<String, Value> =
        names.iter().map(|name| (name.clone(), json!({"type": "integer"}))).collect();
    let lexicon =
        lexicon(&json!({"type": "object", "required": names, "properties": properties}), &Value::Null);
    let mut record: Value = names.iter().map(|name| (name.clone(), json!(1))).collect();
    record["$type"] = "com.example.thing".into();
    assert_eq!(check(&lexicon, &record), Ok(Verdict::default()));
    record.as_object_mut().unwrap().remove("f137");
    assert_eq!(check(&lexicon, &record).unwrap_err().to_string(), "/f137: is required");
}

#[test]
fn unions_are_open_unless_closed() {
    let others =
        json!({"a": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}});
    let open = json!({"type": "union", "refs": ["#a", "com.example.elsewhere#b", "com.example.elsewhere"]});
    let check = |of: &Value, value: Value| field(of, &others, &value);
    assert_eq!(check(&open, json!({"$type": "com.example.thing#a", "n": 1})), Ok(Verdict::default()));
    assert_eq!(check(&open, json!({"$type": "com.example.thing#a"})), Err("/x/n: is required".to_owned()));
    // Declared, and not loaded: open, and counted.
    for named in ["com.example.elsewhere#b", "com.example.elsewhere", "com.example.elsewhere#main"] {
        assert_eq!(check(&open, json!({"$type": named})), Ok(Verdict { unresolved: 1 }), "{named}");
    }
    assert_eq!(check(&open, json!({"$type": "com.example.new"})), Ok(Verdict::default()));
    for value in [json!({"$type": 1}), json!({"$type": ""}), json!({"$type": "a#b#c"}), json!("a"), json!({})]
    {
        check(&open, value).unwrap_err();
    }
    let closed = json!({"type": "union", "refs": ["#a"], "closed": true});
    assert_eq!(
        check(&closed, json!({"$type": "com.example.new"})),
        Err(r#"/x/$type: must be "com.example.thing#a""#.to_owned())
    );
}

#[test]
fn references_lead_across_lexicons_and_in_circles() {
    let thing = compiled(&json!({"lexicon": 1, "id": "com.example.thing", "defs": {"main": {
        "type": "record", "key": "tid", "record": {"type": "object", "properties": {
            "tree": {"type": "ref", "ref": "com.example.defs#tree"},
            "mood": {"type": "ref", "ref": "com.example.defs#mood"},
            "short": {"type": "ref", "ref": "com.example.defs#short"},
            "gone": {"type": "ref", "ref": "com.example.defs#gone"},
            "loop": {"type": "ref", "ref": "com.example.defs#loop"},
            "method": {"type": "ref", "ref": "com.example.defs"},
        }},
    }}}));
    let defs = compiled(&json!({"lexicon": 1, "id": "com.example.defs", "defs": {
        "main": {"type": "query"},
        "tree": {"type": "object", "properties": {
            "n": {"type": "integer"}, "children": {"type": "array", "items": {"type": "ref", "ref": "#tree"}},
        }},
        "mood": {"type": "token"},
        "short": {"type": "string", "maxLength": 3},
        "loop": {"type": "ref", "ref": "#loop"},
    }}));
    assert_eq!(thing.references(), ["com.example.defs"]);
    let catalogue = HashMap::from([
        (Nsid::parse("com.example.thing").unwrap(), Arc::clone(&thing)),
        (Nsid::parse("com.example.defs").unwrap(), defs),
    ]);
    let check = |record: Value| {
        let mut record = record;
        record["$type"] = "com.example.thing".into();
        let text = record.to_string();
        let key = Some("3jqfcqzm3fo2j");
        thing
            .check_record(&catalogue, key, &Data::parse(&text).unwrap())
            .map_err(|invalid| invalid.to_string())
    };
    let tree = |n: Value| json!({"tree": {"children": [{}, {"children": [{"n": n}]}]}});
    assert_eq!(check(tree(json!(1))), Ok(Verdict::default()));
    assert_eq!(
        check(tree(json!("1"))),
        Err("/tree/children/1/children/0/n: must be an integer, but it is a string".to_owned())
    );
    assert_eq!(check(json!({"mood": "com.example.defs#mood"})), Ok(Verdict::default()));
    assert_eq!(
        check(json!({"mood": "com.example.defs#other"})),
        Err("/mood: must be the token com.example.defs#mood".to_owned())
    );
    // A definition of its own keeps its bounds.
    assert_eq!(check(json!({"short": "long"})), Err("/short: longer than 3 bytes".to_owned()));
    assert_eq!(check(json!({"gone": 1, "method": 2})), Ok(Verdict { unresolved: 2 }));
    assert_eq!(
        check(json!({"loop": 1})),
        Err("/loop: cannot be checked: its type only refers to itself".to_owned())
    );
    // As deep as JSON may be.
    let deep = (0..40).fold(json!({}), |tree, _| json!({"children": [tree]}));
    assert_eq!(check(json!({"tree": deep})), Ok(Verdict::default()));
    let text = r#"{"$type":"com.example.thing"}"#;
    let by_key = |key| thing.check_record(&catalogue, Some(key), &Data::parse(text).unwrap());
    assert_eq!(by_key("self").unwrap_err().to_string(), r#"record key: must be a TID, but it is "self""#);
}

/// The stack is as deep as the value, however many references lie between two levels of it.
#[test]
fn detours_do_not_make_the_stack_deeper() {
    let mut defs = json!({"tree": {"type": "object", "properties": {"x": {"type": "ref", "ref": "#d0"}}}});
    for number in 0..28 {
        let next = format!("#d{}", number + 1);
        defs[format!("d{number}")] = json!({"type": "ref", "ref": next});
    }
    defs["d28"] = json!({"type": "union", "refs": ["#tree"]});
    let mut value = json!({"$type": "com.example.thing#tree", "x": 1});
    for _ in 0..110 {
        value = json!({"$type": "com.example.thing#tree", "x": value});
    }
    let problem = std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || field(&json!({"type": "ref", "ref": "#tree"}), &defs, &value).unwrap_err());
    let problem = problem.unwrap().join().unwrap();
    assert!(
        problem.ends_with("/…: must be an object with a `$type`, but it is an integer")
            || problem.ends_with("/x: must be an object with a `$type`, but it is an integer"),
        "{problem}"
    );
}

#[test]
fn inputs_outputs_and_messages() {
    let method = compiled(&json!({"lexicon": 1, "id": "com.example.do", "defs": {
        "main": {
            "type": "procedure",
            "input": {"encoding": "application/json", "schema": {"type": "ref", "ref": "#in"}},
            "output": {"encoding": "application/json", "schema": {"type": "object", "required": ["ok"],
                "properties": {"ok": {"type": "boolean"}}}},
        },
        "in": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}},
    }}));
    let input = |encoding, body: Option<&str>| {
        let data = body.map(|body| Data::parse(body).unwrap());
        method.check_input(&NoOthers, encoding, data.as_ref()).map_err(|invalid| invalid.to_string())
    };
    assert_eq!(input(Some("application/json; charset=utf-8"), Some(r#"{"n":1}"#)), Ok(Verdict::default()));
    assert_eq!(input(None, Some("{}")), Err("/n: is required".to_owned()));
    assert_eq!(input(None, None), Err("/: a body is required".to_owned()));
    assert_eq!(
        input(Some("text/plain"), Some("{}")),
        Err(r#"encoding: must be application/json, but it is "text/plain""#.to_owned())
    );
    let output = Data::parse(r#"{"ok":1}"#).unwrap();
    assert_eq!(
        method.check_output(&NoOthers, None, Some(&output)).unwrap_err().to_string(),
        "/ok: must be a boolean, but it is an integer"
    );
    let bytes = compiled(&json!({"lexicon": 1, "id": "com.example.upload", "defs": {"main": {
        "type": "procedure", "input": {"encoding": "image/*"},
    }}}));
    assert!(bytes.check_input(&NoOthers, Some("image/png"), None).is_ok());
    assert!(bytes.check_input(&NoOthers, Some("text/plain"), None).is_err());
    assert!(bytes.check_output(&NoOthers, None, None).is_ok(), "none is declared");

    let stream = Lexicon::parse(&vectors::text("lexicon/subscription.json")).unwrap();
    let message = |named: Option<&str>, message: &str| {
        let data = Data::parse(message).unwrap();
        let checked = stream.compiled().check_message(&NoOthers, named, &data);
        checked.map_err(|invalid| invalid.to_string())
    };
    assert_eq!(message(Some("#yo"), r#"{"seq":1,"yo":true}"#), Ok(Verdict::default()));
    assert_eq!(message(Some("#yo"), r#"{"seq":1}"#), Err("/yo: is required".to_owned()));
    assert_eq!(
        message(Some("example.lexicon.subscription#info"), "{}"),
        Err("/name: is required".to_owned())
    );
    assert_eq!(message(Some("#new"), "{}"), Ok(Verdict::default()), "the union is open");
    let named = r#"{"$type":"example.lexicon.subscription#info","name":1}"#;
    assert_eq!(message(None, named), Err("/name: must be a string, but it is an integer".to_owned()));
    message(None, "{}").unwrap_err();
}

#[test]
fn what_cannot_be_interpreted_accepts_anything() {
    for of in
        [json!({"type": "float"}), json!({}), json!({"type": "array"}), json!({"type": "ref"}), json!(7)]
    {
        passes(&of, &json!({"any": ["thing", 1.5]}));
    }
    passes(&json!({"type": "string", "format": "phone"}), &json!("112"));
    passes(&json!({"type": "string", "maxLength": "five"}), &json!("longer than that"));
}
