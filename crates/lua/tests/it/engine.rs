//! Threads, nesting, and runs nobody waits for any more.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use lua::{Engine, Limits, Returned, Run, ScriptError};
use serde_json::json;

use crate::rig::{Rig, run, run_with};

fn text(returned: &Returned) -> &str {
    match returned {
        Returned::Nil => "nil",
        Returned::Table(text) | Returned::Other(text) => text.get(),
    }
}

#[tokio::test]
async fn a_batch_runs_in_order_whatever_becomes_of_each() {
    let rig = Rig::new(4);
    let echo = rig
        .engine
        .compile("echo", "function handle() test.echo(n) if n == 2 then error('two') end return n end");
    let echo = echo.await.unwrap();
    let runs = (1..=4).map(|n| (echo.clone(), run_with(json!({ "n": n })))).collect();
    let results = rig.engine.run_all(runs).await;
    let texts: Vec<_> = results.iter().map(|r| r.as_ref().map_or("failed", |o| text(&o.returned))).collect();
    assert_eq!(texts, ["1", "failed", "3", "4"]);
    let calls: Vec<_> =
        rig.host.calls.lock().unwrap().iter().map(|(_, arguments)| arguments[0].clone()).collect();
    assert_eq!(calls, [1, 2, 3, 4]);
    assert!(rig.engine.run_all(Vec::new()).await.is_empty());
}

#[tokio::test]
async fn nested_runs_do_not_wait_for_their_ancestors() {
    let rig = Rig::new(1);
    let source = "function handle() if (depth or 0) == deepest then return depth end return test.nested() end deepest = 8";
    let program = rig.engine.compile("nested", source).await.unwrap();
    rig.set_nested(&program);
    // More of them at once than there are threads.
    let runs = (0..4).map(|_| rig.engine.run(&program, run()));
    for outcome in futures::future::join_all(runs).await {
        assert_eq!(text(&outcome.unwrap().returned), "8");
    }
    let deeper = rig.engine.run(&program, Run { depth: Engine::MAX_DEPTH + 1, ..run() }).await;
    assert_eq!(deeper.unwrap_err(), ScriptError::TooDeep);
}

#[tokio::test]
async fn too_deep_a_nest_fails_in_the_scripts() {
    let rig = Rig::new(1);
    let program = rig.engine.compile("nested", "function handle() return test.nested() end").await.unwrap();
    rig.set_nested(&program);
    let ScriptError::Runtime(failure) = rig.engine.run(&program, run()).await.unwrap_err() else { panic!() };
    assert!(failure.message.contains("scripts call each other too deeply"), "{failure}");
}

#[tokio::test]
async fn scripts_run_side_by_side_up_to_the_bound() {
    let rig = Rig::new(3);
    let program = rig.engine.compile("sleep", "function handle() test.sleep(100) end").await.unwrap();
    let started = Instant::now();
    for outcome in futures::future::join_all((0..6).map(|_| rig.engine.run(&program, run()))).await {
        outcome.unwrap();
    }
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(200) && took < Duration::from_millis(580), "{took:?}");
}

#[tokio::test]
async fn a_run_nobody_waits_for_stops() {
    let rig = Rig::new(1);
    let forever = Limits { time: None, instructions: None, ..Limits::default() };
    for body in [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "test.sleep(60000)",
        "while true do pcall(test.sleep, 60000) end",
        "(('a'):rep(60)):find(('a*'):rep(40) .. 'b')",
    ] {
        let source = format!("function handle() {body} end");
        let program = rig.engine.compile("forever", &source).await.unwrap();
        let abandoned = rig.engine.run(&program, Run { limits: forever.clone(), ..run() });
        assert!(tokio::time::timeout(Duration::from_millis(50), abandoned).await.is_err());
        // The only thread is free again.
        let next = rig.outcome("function handle() return 1 end", run());
        assert!(tokio::time::timeout(Duration::from_secs(5), next).await.is_ok(), "{body}");
    }
    assert_eq!(rig.host.abandoned.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_program_outlives_its_idle_machines() {
    let host = Rig::new(1).host;
    let engine = Engine::new(lua::EngineConfig { idle_machines: 1, ..lua::EngineConfig::new(1, host) });
    let one = engine.compile("one", "function handle() return 1 end").await.unwrap();
    let two = engine.compile("two", "function handle() return 2 end").await.unwrap();
    for _ in 0..3 {
        assert_eq!(text(&engine.run(&one, run()).await.unwrap().returned), "1");
        assert_eq!(text(&engine.run(&two, run()).await.unwrap().returned), "2");
    }
}

#[tokio::test]
async fn a_program_says_whom_it_calls() {
    let rig = Rig::new(1);
    let source = "function handle() return xrpc.query('com.example.other', {}) end";
    assert_eq!(rig.engine.compile("caller", source).await.unwrap().outbound(), ["com.example.other"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_script_goes_on_where_it_is_woken() {
    let rig = Rig::new(8);
    // It waits inside of what Lua cannot leave: a sort, a metamethod, a coroutine in a protected call.
    let source = "function handle()
        local t = setmetatable({}, { __index = function(_, k) test.sleep(1) return k end })
        local list = {}
        for i = 1, 5 do list[i] = t[(i * 3) % 5] end
        table.sort(list, function(a, b) test.sleep(0) return a < b end)
        local ok, last = pcall(function()
            local co = coroutine.wrap(function() for i = 1, 3 do test.sleep(1) coroutine.yield(i) end end)
            return co() + co() + co()
        end)
        return { ok, last, list[1], list[5], n }
    end";
    let program = rig.engine.compile("wanders", source).await.unwrap();
    let runs = (0..40).map(|n| {
        let (engine, program) = (rig.engine.clone(), program.clone());
        tokio::spawn(async move { engine.run(&program, run_with(json!({ "n": n }))).await })
    });
    for (n, outcome) in futures::future::join_all(runs).await.into_iter().enumerate() {
        assert_eq!(text(&outcome.unwrap().unwrap().returned), format!("[true,6,0,4,{n}]"));
    }
}
