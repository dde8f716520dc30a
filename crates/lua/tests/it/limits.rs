//! Scripts that mean harm: each is stopped, soon, and the engine goes on.

use std::time::Duration;

use lua::{Limit, Limits, Run, ScriptError};

use crate::rig::{Rig, run};

fn within(limits: Limits) -> Run {
    Run { limits, ..run() }
}

/// Only the clock stops it.
fn a_moment() -> Limits {
    Limits { instructions: None, time: Some(Duration::from_millis(50)), ..Limits::default() }
}

async fn stopped_by(rig: &Rig, body: &str, limits: Limits) -> ScriptError {
    let source = format!("function handle()\n{body}\nend");
    let outcome = tokio::time::timeout(Duration::from_secs(8), rig.outcome(&source, within(limits))).await;
    outcome.unwrap_or_else(|_| panic!("{body} is not stopped")).unwrap_err()
}

/// Ways not to end.
const ENDLESS: &[&str] = &[
    "while true do end",
    "while true do pcall(function() while true do end end) end",
    "while true do xpcall(function() while true do end end, function() while true do end end) end",
    "xpcall(error, function() while true do end end)",
    "local function f() pcall(f) return f() end f()",
    "local function f() while true do pcall(f) end end f()",
    "coroutine.wrap(function() while true do pcall(function() while true do end end) end end)()",
    "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
    "local function f() while true do coroutine.resume(coroutine.create(f)) end end f()",
    "local function f() coroutine.wrap(f)() end while true do pcall(f) end",
    "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
    "local x <close> = setmetatable({}, { __close = function() while true do end end }) error('x')",
    "while true do pcall(function() local x <close> = setmetatable({}, { __close = function() while true do end end })
       while true do end end) end",
    "for _ in function() return 1 end, nil, nil, setmetatable({}, { __close = function() while true do end end }) do end",
    "while true do pcall(function() for _ in function() return 1 end, nil, nil,
       setmetatable({}, { __close = function() while true do end end }) do end end) end",
    // The body dies of the limit; closing it must not run with the hooks off.
    "local co = coroutine.create(function()
       local x <close> = setmetatable({}, { __close = function() while true do end end }) while true do end end)
     coroutine.resume(co) coroutine.close(co)",
    "local f = coroutine.wrap(function()
       local x <close> = setmetatable({}, { __close = function() while true do end end }) while true do end end)
     pcall(f) while true do end",
    "local co = coroutine.create(function()
       local x <close> = setmetatable({}, { __close = function() while true do end end }) coroutine.yield() end)
     coroutine.resume(co) coroutine.close(co)",
    "local mt = {} setmetatable({}, mt) mt.__gc = function() while true do end end
     pcall(setmetatable, mt, mt) while true do pcall(setmetatable, {}, mt) end",
    "error(setmetatable({}, { __tostring = function() while true do end end }))",
    "tostring(setmetatable({}, { __tostring = function() while true do pcall(function() while true do end end) end end }))",
    "return setmetatable({}, { __index = function(t, k) while true do end end }).x",
    "local t = setmetatable({}, { __eq = function() while true do end end }) return t == setmetatable({}, getmetatable(t))",
    "for _ in pairs(setmetatable({}, { __pairs = function() return function() return 1 end end })) do end",
    "table.sort({ 3, 2, 1 }, function() while true do end end)",
    "local t = {} for i = 1, 1000 do t[i] = i end while true do pcall(table.sort, t, function() return true end) end",
    "('x'):gsub('x', function() while true do end end)",
    "(('a'):rep(40)):find(('a*'):rep(30) .. 'b')",
    "while true do pcall(string.find, ('a'):rep(40), ('a*'):rep(30) .. 'b') end",
    "(('a'):rep(200000)):find('.-.-.-.-b')",
    "(('a'):rep(200000)):gsub('.-.-.-b', '')",
    "for _ in (('a'):rep(200000)):gmatch('a-a-a-b') do end",
    "(('('):rep(200000)):find('%b()')  while true do (('('):rep(200000)):find('%b()') end",
    "local s = ('a'):rep(1000000) while true do s:find(('a'):rep(500000) .. 'b', 1, true) end",
    "table.move({}, 1, math.maxinteger - 1, 1, {})",
    "table.move(setmetatable({}, { __index = rawequal }), 1, math.maxinteger - 1, 2)",
    "table.insert(setmetatable({}, { __len = function() return 1 << 60 end }), 1, 1)",
    "table.remove(setmetatable({}, { __len = function() return 1 << 60 end }), 1)",
    "while true do pcall(table.concat, setmetatable({}, { __index = type, __len = function() return 1 << 30 end })) end",
    "while true do pcall(table.unpack, {}, 1, 900000) end",
    "while true do (''):rep(math.maxinteger) end",
    "local s = ('x'):rep(30000000) while true do s:upper() end",
    "local s = ('x'):rep(1000000) while true do string.format('%s%s', s, s) end",
    "while true do utf8.len(('ä'):rep(100000)) end",
    "while true do json.encode{ 1, 2, 3 } end",
    "local s = '[' .. ('1,'):rep(100000) .. '1]' while true do json.decode(s) end",
    "while true do log('x') end",
    "while true do test.echo(1) end",
    "while true do pcall(test.fail) end",
    "goto top ::top:: goto top",
];

#[tokio::test]
async fn whatever_does_not_end_is_stopped_by_the_clock() {
    let rig = Rig::new(1);
    for body in ENDLESS {
        let limits = Limits { host_calls: None, ..a_moment() };
        let error = stopped_by(&rig, body, limits).await;
        // Whoever grows on the way is stopped for that, and some fail by themselves.
        let fair = matches!(error, ScriptError::Limit(Limit::Time | Limit::Memory)) || is_overflow(&error);
        assert!(fair, "{body}: {error:?}");
    }
    assert!(rig.outcome("function handle() end", run()).await.is_ok());
}

fn is_overflow(error: &ScriptError) -> bool {
    matches!(error, ScriptError::Runtime(failure) if failure.message.contains("overflow"))
}

#[tokio::test]
async fn whatever_does_not_end_is_stopped_by_the_count() {
    let rig = Rig::new(1);
    for body in ENDLESS {
        let limits = Limits { host_calls: None, time: Some(Duration::from_secs(6)), ..Limits::default() };
        let error = stopped_by(&rig, body, limits).await;
        let fair = matches!(error, ScriptError::Limit(Limit::Instructions | Limit::Memory | Limit::Time))
            || is_overflow(&error);
        assert!(fair, "{body}: {error:?}");
    }
}

#[tokio::test]
async fn memory_is_bounded() {
    let rig = Rig::new(1);
    for body in [
        "return ('x'):rep(1 << 30)",
        "while true do pcall(string.rep, 'x', 1 << 30) end",
        "pcall(string.rep, 'x', 1 << 30) return 1",
        "xpcall(string.rep, print, 'x', 1 << 30) return 1",
        "coroutine.resume(coroutine.create(function() return ('x'):rep(1 << 30) end)) return 1",
        "local t = {} for i = 1, 1e9 do t[i] = i end",
        "local s = 'x' while true do s = s .. s end",
        "local t = {} while true do t = { t, {}, {}, {} } end",
        "local t = {} while true do t[#t + 1] = coroutine.create(print) end",
        "return ('x'):rep(50000000):gsub('x', ('y'):rep(1000))",
        "return ('x'):rep(1000):gsub('x', ('y'):rep(1000000))",
        "return table.concat(setmetatable({}, { __index = type, __len = function() return 1 << 30 end }))",
        "return string.pack('c1000000000', '')",
        "local t = {} for i = 1, 1000000 do t[i] = function() return i end end",
        "local s = ('[' .. ('{\"a\":'):rep(60) .. '1' .. ('}'):rep(60) .. ']') local t = {} while true do t[#t + 1] = json.decode(s) end",
    ] {
        let limits = Limits {
            instructions: None,
            time: Some(Duration::from_secs(20)),
            memory: 8 << 20,
            ..Limits::default()
        };
        assert_eq!(stopped_by(&rig, body, limits).await, ScriptError::Limit(Limit::Memory), "{body}");
    }
    assert!(rig.outcome("function handle() end", run()).await.is_ok());
}

#[tokio::test]
async fn what_fails_by_itself_does_so_without_harm() {
    let rig = Rig::new(1);
    for (body, expected) in [
        (
            "local function f() local a, b, c, d, e, g, h = 1, 2, 3, 4, 5, 6, 7 f() return a end f()",
            "stack overflow",
        ),
        (
            "local function f() return pcall(f) and 1 or error('deep', 0) end error(select(2, pcall(f)), 0)",
            "deep",
        ),
        ("local f f = function() return coroutine.wrap(f)() end f()", "C stack overflow"),
        (
            "local mt = {} mt.__index = function(t, k) return t[k] end return setmetatable({}, mt).x",
            "overflow",
        ),
        ("local t = {} setmetatable(t, { __index = t, }) return t.x", "'__index' chain too long"),
        ("local f f = function(s) return (s:gsub('x', f)) end f('x')", "overflow"),
        ("return string.format('%99999d', 1)", "invalid conversion"),
        ("return ('x'):find(('('):rep(40))", "too many captures"),
        ("return (('a'):rep(300)):find(('a?'):rep(300) .. ('a'):rep(300))", "pattern too complex"),
        ("return ('x'):rep(1 << 62)", "resulting string too large"),
        ("return table.unpack({}, 1, 1e8)", "too many results to unpack"),
        ("table.sort(setmetatable({}, { __len = function() return 1 << 31 end }))", "__len"),
        ("table.sort({ 1, 'x' })", "attempt to compare"),
        (
            "local t = {} for i = 1, 200 do t[i] = i end table.sort(t, function() return true end)",
            "invalid order function",
        ),
        ("return utf8.codepoint('\\xff')", "invalid UTF-8 code"),
        ("setmetatable(_ENV, {})", "protected metatable"),
        ("getmetatable('').__index = nil", "attempt to index a boolean"),
    ] {
        let source = format!("function handle()\n{body}\nend");
        match rig.outcome(&source, within(Limits { instructions: None, ..Limits::default() })).await {
            Err(ScriptError::Runtime(failure)) => {
                assert!(failure.message.contains(expected), "{body}: {failure}");
            }
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_top_level_is_bounded_too_when_it_is_checked() {
    let rig = Rig::new(1);
    let error = rig.engine.compile("test", "while true do end").await.unwrap_err();
    assert_eq!(error, ScriptError::Limit(Limit::Instructions));
    let deep = format!("function handle() return {}1{} end", "(".repeat(100_000), ")".repeat(100_000));
    let error = rig.engine.compile("test", &deep).await.unwrap_err();
    assert!(matches!(error, ScriptError::Syntax { .. }), "{error:?}");
    let large = "--".repeat(1 << 20);
    assert!(matches!(rig.engine.compile("test", &large).await, Err(ScriptError::TooLarge { .. })));
    let bytecode = "\x1bLua function handle() end";
    assert!(matches!(rig.engine.compile("test", bytecode).await, Err(ScriptError::Syntax { .. })));
}

#[tokio::test]
async fn texts_that_leave_the_machine_are_bounded() {
    let rig = Rig::new(1);
    let limits = Limits { output: 1000, ..Limits::default() };
    for body in [
        "return ('x'):rep(1001)",
        "local t = {} for i = 1, 1000 do t[i] = i end return t",
        "local t = {} for i = 1, 1000 do t[i] = i end pcall(json.encode, t) return 1",
        "pcall(test.echo, ('x'):rep(1001)) return 1",
        "local t = { 1, 2, 3, 4 } for _ = 1, 20 do t = { t, t, t, t } end return t",
    ] {
        assert_eq!(stopped_by(&rig, body, limits.clone()).await, ScriptError::Limit(Limit::Output), "{body}");
    }
}

#[tokio::test]
async fn calls_of_the_host_are_bounded() {
    let rig = Rig::new(1);
    let limits = Limits { host_calls: Some(5), ..Limits::default() };
    for body in ["while true do test.echo() end", "for _ = 1, 9 do pcall(test.echo) end return 1"] {
        rig.host.calls.lock().unwrap().clear();
        assert_eq!(
            stopped_by(&rig, body, limits.clone()).await,
            ScriptError::Limit(Limit::HostCalls),
            "{body}"
        );
        assert_eq!(rig.host.calls.lock().unwrap().len(), 5);
    }
}

#[tokio::test]
async fn instructions_are_counted_in_coroutines_too() {
    let rig = Rig::new(1);
    let count = async |body: &str| {
        rig.outcome(&format!("function handle() {body} end"), run()).await.unwrap().stats.instructions
    };
    let plain = count("for _ = 1, 100000 do end").await;
    assert!((99_000..=110_000).contains(&plain), "{plain}");
    let inside = count("coroutine.wrap(function() for _ = 1, 100000 do end end)()").await;
    assert!((100_000..=111_000).contains(&inside), "{inside}");
    let many = count("for _ = 1, 500 do coroutine.wrap(function() for _ = 1, 100 do end end)() end").await;
    assert!(many >= 500_000, "{many}");
}

#[tokio::test]
async fn a_job_may_take_its_time() {
    let rig = Rig::new(1);
    let long = "function handle() local n = 0 for i = 1, 3000000 do n = n + i end return n end";
    assert_eq!(rig.outcome(long, run()).await.unwrap_err(), ScriptError::Limit(Limit::Instructions));
    assert!(rig.outcome(long, within(Limits::job())).await.is_ok());
}

#[tokio::test]
async fn a_job_may_log_for_as_long_as_it_runs() {
    for (limits, told) in [(Limits::default(), 200), (Limits::job(), 1000)] {
        let rig = Rig::new(1);
        let script = "function handle() for i = 1, 1000 do log(i) end end";
        let outcome = rig.outcome(script, within(limits)).await.unwrap();
        assert_eq!((rig.host.logged.lock().unwrap().len(), outcome.log.len()), (told, 200));
    }
}

#[tokio::test]
async fn the_time_of_the_host_is_not_the_scripts() {
    let rig = Rig::new(1);
    let limits = Limits { time: Some(Duration::from_millis(100)), ..Limits::default() };
    let outcome = rig.outcome("function handle() test.sleep(300) end", within(limits)).await.unwrap();
    assert!(outcome.stats.host_time >= Duration::from_millis(300));
    assert!(outcome.stats.elapsed < Duration::from_millis(100));
    assert_eq!(outcome.stats.host_calls, 1);
    assert!(outcome.stats.memory_peak > 10_000);
}

#[tokio::test]
async fn no_error_tells_where_something_is_in_memory() {
    for body in [
        "error({ code = 1 })",
        "error(print)",
        "error(coroutine.create(print))",
        "error(setmetatable({}, { __name = 'Mine' }))",
    ] {
        let message = crate::rig::message(body).await;
        assert!(
            message.starts_with("an error that is no text but a ") && !message.contains("0x"),
            "{body}: {message}"
        );
    }
    assert_eq!(crate::rig::message("error('at 0x12: 0x34', 0)").await, "at 0x12: 0x34");
}

#[tokio::test]
async fn what_it_waits_for_counts_where_others_wait_for_it() {
    let rig = Rig::new(1);
    let total = Some(Duration::from_millis(200));
    let limits = || Limits { total, ..Limits::default() };
    // However it tries to go on.
    for body in [
        "test.sleep(60000)",
        "while true do pcall(test.sleep, 60000) end",
        "while true do test.sleep(20) end",
        "coroutine.wrap(function() test.sleep(60000) end)()",
    ] {
        let error = stopped_by(&rig, body, limits()).await;
        assert_eq!(error, ScriptError::Limit(Limit::Total), "{body}");
        assert!(error.is_transient(), "whoever was slow may be quicker next time");
    }
    let quick = rig.outcome("function handle() test.sleep(10) return 1 end", within(limits())).await;
    assert!(quick.is_ok(), "{quick:?}");
    let unbounded = rig.outcome("function handle() test.sleep(400) return 1 end", run()).await;
    assert!(unbounded.is_ok(), "{unbounded:?}");
}
