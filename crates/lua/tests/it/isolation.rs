//! A machine is used again, and what a run did to it is gone.

use lua::{Returned, ScriptError};
use serde_json::json;

use crate::rig::{Rig, run_with};

/// Runs a script twice on the same machine, telling it which time it is.
async fn second(source: &str) -> String {
    let rig = Rig::new(1);
    let program = rig.engine.compile("test", source).await.unwrap();
    rig.engine.run(&program, run_with(json!({ "time": 1 }))).await.unwrap();
    match rig.engine.run(&program, run_with(json!({ "time": 2 }))).await.unwrap().returned {
        Returned::Nil => "nil".to_owned(),
        Returned::Table(text) | Returned::Other(text) => text.get().to_owned(),
    }
}

#[tokio::test]
async fn nothing_survives() {
    for (change, look) in [
        ("kept = 1", "kept == nil"),
        ("_G.kept = 1 rawset(_ENV, 'kept', 1)", "kept == nil"),
        ("top_level_count = (top_level_count or 0) + 1", "top_level_count == nil"),
        ("string.kept = print string.upper = print", "string.kept == nil and ('x'):upper() == 'X'"),
        ("function string:kept() return 1 end assert(('x'):kept() == 1)", "not pcall(function() return ('x'):kept() end)"),
        ("table.insert = nil math.kept = 1 json.encode = nil os.time = nil", "table.insert and not math.kept and json.encode and os.time"),
        ("coroutine.wrap = nil utf8.char = nil TID.kept = 1 TID.toNumber = nil", "coroutine.wrap and utf8.char and not TID.kept and TID.toNumber"),
        ("pcall = nil tostring = print error = print", "pcall(error) == false and tostring(1) == '1'"),
        ("Record.kept = 1 Record.save = nil", "Record.kept == nil and Record.save"),
        ("test.echo = nil test.kept = 1 test.deep.er.kept = 1", "test.echo and not test.kept and not test.deep.er.kept"),
        ("given.kept = 1 given = nil", "given.kept == nil"),
        ("co = coroutine.create(function() coroutine.yield() end) coroutine.resume(co)", "co == nil"),
        ("local t = toarray{} for _, m in ipairs{ getmetatable('') or 0, getmetatable(t) or 0, getmetatable(_ENV) or 0 } do
            assert(m == 0) end", "true"),
        ("for _, v in pairs(_ENV) do if type(v) == 'table' then v.kept = 1 end end", "not string.kept"),
        ("setmetatable(test, { __index = function() return 1 end })", "test.missing == nil"),
        ("handle = nil", "handle ~= nil"),
    ] {
        let script = format!(
            "local own = 0
             given = {{}}
             function handle()
               own = own + 1
               if own ~= 1 then return 'the top level did not run again' end
               if time == 1 then {change} return end
               return ({look}) and true or false
             end"
        );
        assert_eq!(second(&script).await, "true", "{change}");
    }
}

#[tokio::test]
async fn random_numbers_do_not_depend_on_earlier_runs() {
    let script = "function handle() if time == 1 then math.randomseed(42) return end
        local now = math.random(1 << 40) math.randomseed(42) return now == math.random(1 << 40) end";
    assert_eq!(second(script).await, "false");
}

#[tokio::test]
async fn a_failed_run_leaves_the_machine_as_good_as_new() {
    let rig = Rig::new(1);
    let source = "function handle() if how == 'loop' then while true do end elseif how == 'error' then error('x')
        elseif how == 'memory' then return ('x'):rep(1 << 40) elseif how == 'panic' then test.panic() end return how end";
    let program = rig.engine.compile("test", source).await.unwrap();
    for how in ["error", "loop", "memory", "panic"] {
        assert!(rig.engine.run(&program, run_with(json!({ "how": how }))).await.is_err(), "{how}");
        let outcome = rig.engine.run(&program, run_with(json!({ "how": "fine" }))).await.unwrap();
        assert!(matches!(outcome.returned, Returned::Other(text) if text.get() == "\"fine\""), "{how}");
        assert!(outcome.stats.instructions < 1000);
    }
}

#[tokio::test]
async fn garbage_of_many_runs_does_not_add_up() {
    let rig = Rig::new(1);
    let source = "function handle() local t = {} for i = 1, 2000 do t[i] = { i } end end";
    let program = rig.engine.compile("test", source).await.unwrap();
    let mut peak = 0;
    for _ in 0..200 {
        peak = rig.engine.run(&program, run_with(json!({}))).await.unwrap().stats.memory_peak;
    }
    assert!(peak < 3 << 20, "{peak}");
}

#[tokio::test]
async fn what_is_not_a_script_is_not_compiled() {
    let rig = Rig::new(1);
    let compile =
        async |source: &str| rig.engine.compile("record.index:com.example.post", source).await.map(drop);
    assert_eq!(compile("x = 1").await, Err(ScriptError::NoHandle));
    assert_eq!(compile("handle = 1").await, Err(ScriptError::NoHandle));
    assert_eq!(
        compile("setmetatable(_ENV and {}, {}) local function handle() end").await,
        Err(ScriptError::NoHandle)
    );
    let Err(ScriptError::Syntax { message, line }) = compile("\nfunction handle( end").await else {
        panic!()
    };
    assert_eq!(
        (message.as_str(), line),
        ("record.index:com.example.post:2: <name> or '...' expected near 'end'", Some(2))
    );
    let Err(ScriptError::Runtime(failure)) = compile("test.echo() function handle() end").await else {
        panic!()
    };
    assert!(failure.message.contains("while a script is checked"), "{failure}");
    assert_eq!(compile("local e = env.name function handle() return e end").await, Ok(()));
}
