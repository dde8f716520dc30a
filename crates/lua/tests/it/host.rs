//! The functions of the host, from everywhere in a script.

use std::sync::Arc;

use lua::{Run, ScriptError};
use serde_json::json;

use crate::rig::{Context, Rig, eval, failure, message, run, run_with, text_with};

#[tokio::test]
async fn arguments_and_results_are_json() {
    for (expressions, expected) in [
        ("#test.echo()", "[0]"),
        ("test.echo(1, 'a', { x = 2 }, toarray{})[3].x", "[2]"),
        ("test.echo(nil, 2)[1] == json.null", "[true]"),
        ("test.deep.er.text('null') == nil, test.deep.er.text('{\"a\":null}').a == json.null", "[true,true]"),
        ("test.deep.er.text('[1.5]')[1], #test.deep.er.text('[]')", "[1.5,0]"),
    ] {
        assert_eq!(eval(expressions).await, expected, "{expressions}");
    }
}

#[tokio::test]
async fn it_can_be_called_from_anywhere() {
    for (body, expected) in [
        ("return coroutine.wrap(function() return test.echo(1)[1] end)()", "1"),
        ("return select(2, pcall(test.echo, 2))[1]", "2"),
        ("return setmetatable({}, { __index = function(_, k) return test.echo(k)[1] end }).key", r#""key""#),
        ("return (('x'):gsub('x', function(c) return test.echo(c .. c)[1] end))", r#""xx""#),
        (
            "local t = toarray{ 2, 1 } table.sort(t, function(a, b) return test.echo(a < b)[1] end) return t",
            "[1,2]",
        ),
        (
            "local t = toarray{} for v in coroutine.wrap(function() for i = 1, 2 do test.sleep(1) coroutine.yield(i) end end) do t[#t + 1] = v end return t",
            "[1,2]",
        ),
    ] {
        assert_eq!(text_with(&format!("function handle() {body} end"), json!({})).await, expected, "{body}");
    }
}

#[tokio::test]
async fn failures_of_the_host_can_be_caught() {
    assert_eq!(eval("pcall(test.fail)").await, r#"[false,"the host is on holiday"]"#);
    assert_eq!(eval("pcall(test.auth)").await, r#"[false,"AUTH_ERROR: the session has ended"]"#);
    assert_eq!(failure("test.auth()").await, ScriptError::Auth("the session has ended".to_owned()));
    assert_eq!(failure("error('AUTH_ERROR: mine', 0)").await, ScriptError::Auth("mine".to_owned()));
    let ScriptError::Runtime(failure) = failure("local function inner()\n test.fail()\nend\ninner()").await
    else {
        panic!()
    };
    assert_eq!(failure.line, Some(3));
    assert!(failure.traceback.contains("test:5:"), "{}", failure.traceback);
}

#[tokio::test]
async fn a_defect_of_the_host_is_not_the_end() {
    let rig = Rig::new(1);
    let script = "function handle() pcall(test.panic) return 1 end";
    assert_eq!(rig.outcome(script, run()).await.unwrap_err(), ScriptError::Lost);
    assert!(rig.outcome("function handle() end", run()).await.is_ok());
}

#[tokio::test]
async fn a_run_has_the_functions_it_is_offered() {
    let script = "function handle() return toarray{ job == nil, job and job.id, job and job.wait and job.progress{ at = 1 }.called } end";
    assert_eq!(text_with(script, json!({})).await, "[true]");
    let rig = Rig::new(1);
    let context = Arc::new(Context { is_job: true, depth: 0 });
    let run = Run { context, ..run_with(json!({ "job": { "id": "j1", "input": { "x": 1 } } })) };
    let outcome = rig.outcome(script, run).await.unwrap();
    let lua::Returned::Table(text) = outcome.returned else { panic!() };
    assert_eq!(text.get(), r#"[false,"j1","job.progress"]"#);
}

#[tokio::test]
async fn parameters_of_sql_may_have_holes() {
    let rig = Rig::new(1);
    let script = "function handle() db.raw('a', { 1, nil, 'x' }) db.raw('b', { n = 3, 1 }) db.raw('c', table.pack(nil, 2)) db.raw('d')
        db.raw('e', {}) db.raw('f', { 1, true }) end";
    rig.outcome(script, run()).await.unwrap();
    let calls: Vec<_> =
        rig.host.calls.lock().unwrap().iter().map(|(_, arguments)| arguments.to_string()).collect();
    assert_eq!(
        calls,
        [
            r#"["a",[1,null,"x"]]"#,
            r#"["b",[1,null,null]]"#,
            r#"["c",[null,2]]"#,
            r#"["d",null]"#,
            r#"["e",[]]"#,
            r#"["f",[1,true]]"#,
        ]
    );
}

#[tokio::test]
async fn blobs_stay_with_the_host() {
    let rig = Rig::new(1);
    let script = "function handle() local b = atproto.blob_download('did:web:x', 'bafy')
        atproto.blob_upload(b.handle, 'image/webp') return toarray{ b.mimeType, b.size, b.handle:size(), b.handle:mime_type() } end";
    let lua::Returned::Table(text) = rig.outcome(script, run()).await.unwrap().returned else { panic!() };
    assert_eq!(text.get(), r#"["image/png",12,12,"image/png"]"#);
    let upload = rig.host.calls.lock().unwrap().pop().unwrap();
    assert_eq!(upload, ("atproto.blob_upload", json!(["token-7", "image/webp"])));
    assert!(
        message("atproto.blob_upload('token-7', 'x')").await.contains("a handle of blob_download expected")
    );
}
