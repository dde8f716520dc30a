//! The class `Record`.

use lua::ScriptError;
use serde_json::{Value, json};

use crate::rig::{Rig, eval, failure, message, run};

async fn result(rig: &Rig, body: &str) -> String {
    match rig.outcome(&format!("function handle() {body} end"), run()).await.unwrap().returned {
        lua::Returned::Nil => "nil".to_owned(),
        lua::Returned::Table(text) | lua::Returned::Other(text) => text.get().to_owned(),
    }
}

fn saved_items(rig: &Rig) -> Vec<Value> {
    let mut calls = rig.host.calls.lock().unwrap();
    let calls = calls.drain(..).filter(|(name, _)| matches!(*name, "record.save" | "record.save_local"));
    calls.map(|(_, mut arguments)| arguments[0].take()).collect()
}

#[tokio::test]
async fn what_is_known_of_a_new_record() {
    for (expressions, expected) in [
        ("Record('com.example.post', { title = 'x' }).title", r#"["x"]"#),
        (
            "Record.new('com.example.post').lang, Record('com.example.post', { lang = 'de' }).lang",
            r#"["en","de"]"#,
        ),
        (
            "Record('com.example.post')._collection, Record('com.example.post')._key_type",
            r#"["com.example.post","tid"]"#,
        ),
        ("Record('com.example.post')._schema.required[1]", r#"["title"]"#),
        ("Record('x')._uri == nil, Record('x')._other == nil, Record('x')._rkey == nil", "[true,true,true]"),
        (
            "Record('x'):set_rkey('k')._rkey, Record('x'):set_repo('did:web:a')._repo_override",
            r#"["k","did:web:a"]"#,
        ),
        (
            "#Record('com.example.post'):generate_rkey(), Record('com.example.profile'):generate_rkey()",
            r#"[13,"self"]"#,
        ),
        ("Record('x'):set_key_type('literal:me'):generate_rkey()", r#"["me"]"#),
        ("json.encode(Record('x', { a = 1, _uri = 'forged' }))", r#"["{\"a\":1}"]"#),
    ] {
        assert_eq!(eval(expressions).await, expected, "{expressions}");
    }
}

#[tokio::test]
async fn saving_creates_then_replaces() {
    let rig = Rig::new(1);
    let script =
        "local r = Record('com.example.post', { title = 'x', stray = 1 }) r:save() local uri = r._uri
        r.title = 'y' r:save() return toarray{ uri == r._uri, r._cid, uri }";
    assert_eq!(
        result(&rig, script).await,
        r#"[true,"bafy","at://did:web:caller.example/com.example.post/0"]"#
    );
    assert_eq!(
        saved_items(&rig),
        [
            json!([{ "collection": "com.example.post", "record": { "$type": "com.example.post", "lang": "en", "title": "x" } }]),
            json!([{
                "collection": "com.example.post",
                "record": { "$type": "com.example.post", "lang": "en", "title": "y" },
                "uri": "at://did:web:caller.example/com.example.post/0",
            }]),
        ]
    );
    result(&rig, "Record('com.example.profile', { a = 1 }):set_repo('did:web:o'):save()").await;
    let item = json!({ "collection": "com.example.profile", "record": { "$type": "com.example.profile", "a": 1 },
        "rkey": "self", "repo": "did:web:o" });
    assert_eq!(saved_items(&rig), [json!([item])]);
}

#[tokio::test]
async fn saving_many_saves_all_and_then_fails() {
    let rig = Rig::new(1);
    let script = "local all = {} for i, title in ipairs{ 'a', 'refused', 'b' } do all[i] = Record('com.example.post', { title = title }) end
        local ok, why = pcall(Record.save_all, all) return toarray{ ok, why, all[1]._uri ~= nil, all[2]._uri == nil, all[3]._uri ~= nil }";
    assert_eq!(result(&rig, script).await, r#"[false,"the PDS refuses",true,true,true]"#);
    assert_eq!(result(&rig, "return #Record.save_all{ Record('x'), Record('y') }").await, "2");
    let signed_out = failure("Record('com.example.post', { title = 'signed out' }):save()").await;
    assert_eq!(signed_out, ScriptError::Auth("no session".to_owned()));
}

#[tokio::test]
async fn loading_and_deleting() {
    let rig = Rig::new(1);
    let script = "local r = Record('com.example.profile', { a = 1 }):save_local() local uri = r._uri
        local l = Record.load(uri) local found = { l.a, l._uri == uri, l._rkey, l._cid == nil, r._cid == nil }
        local all = Record.load_all{ 'at://x/y/z', uri } found[6], found[7] = all[1] == nil, all[2].a
        l:delete_local() found[8], found[9] = l._uri == nil, Record.load(uri) == nil
        r:delete() found[10], found[11] = r._uri == nil, Record.delete_local(uri) return found";
    assert_eq!(result(&rig, script).await, r#"[1,true,"self",true,true,true,1,true,true,true,false]"#);
}

#[tokio::test]
async fn keys_that_are_made_up_for_local_records_are_numbered() {
    let rig = Rig::new(1);
    let script =
        "local a, b = Record('x', { n = 1 }):save_local(), Record('com.example.profile'):save_local()
        local c, d = Record('x'):save_local(), Record('x'):set_rkey('k'):save_local()
        a:save_local() return toarray{ a._rkey == a._uri:match('[^/]+$'), b._rkey, d._rkey }";
    assert_eq!(result(&rig, script).await, r#"[true,"self","k"]"#);
    let fresh: Vec<_> = saved_items(&rig).iter().map(|item| item["fresh"].as_u64()).collect();
    assert_eq!(fresh, [Some(1), None, Some(2), None, None]);
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    for (body, expected) in [
        (
            "Record('com.example.post'):save()",
            "the record of com.example.post lacks the required field 'title'",
        ),
        (
            "Record('com.example.named'):save()",
            "records of com.example.named have keys of type nsid: set one with set_rkey",
        ),
        ("Record('x')._uri = 'at://forged'", "test:2: the field '_uri' of a record is read-only"),
        (
            "Record('x'):set_rkey('')",
            "test:2: bad argument #1 to 'set_rkey' (a string that is not empty expected)",
        ),
        ("Record('x'):delete()", "test:2: the record has not been saved, so there is nothing to delete"),
        ("Record('x').save({})", "test:2: bad argument #1 to 'save' (a record expected; use ':')"),
        ("Record(7)", "test:2: bad argument #1 to 'Record' (the NSID of a collection expected)"),
        ("Record('x', 7)", "test:2: bad argument #2 to 'Record' (table expected, got number)"),
    ] {
        assert_eq!(message(body).await, expected, "{body}");
    }
}
