//! Every global a script has, with its results.

use serde_json::json;

use crate::rig::{Rig, eval, message, run, text_with};

#[tokio::test]
async fn what_is_there_is_there_and_nothing_else() {
    let names = "assert error getmetatable ipairs next pairs pcall print rawequal rawget rawlen rawset select setmetatable \
        tonumber tostring type unpack xpcall now log toarray TID json string table math utf8 coroutine os Record";
    let absent =
        "io debug package require dofile loadfile load loadstring collectgarbage warn _VERSION job record";
    let script = "function handle() local r = toarray{} for n in names:gmatch('%S+') do
        if _ENV[n] == nil then r[#r + 1] = n end end return r end";
    assert_eq!(text_with(script, json!({ "names": names })).await, "[]");
    let missing: Vec<String> =
        serde_json::from_str(&text_with(script, json!({ "names": absent })).await).unwrap();
    assert_eq!(missing.join(" "), absent);
}

#[tokio::test]
async fn libraries_have_what_lua_has_but_for_what_reaches_outside() {
    let script = "function handle() local names = toarray{} for name in pairs(_ENV[library]) do
        names[#names + 1] = name end table.sort(names) return table.concat(names, ' ') end";
    for (library, names) in [
        (
            "string",
            "byte char find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper",
        ),
        ("table", "concat insert move pack remove sort unpack"),
        ("utf8", "char charpattern codepoint codes len offset"),
        ("coroutine", "close create isyieldable resume running status wrap yield"),
        ("os", "clock date difftime time"),
        ("json", "decode encode null"),
        ("TID", "fromISO8601 fromNumber fromUnixMicroseconds toISO8601 toNumber toUnixMicroseconds"),
    ] {
        assert_eq!(text_with(script, json!({ "library": library })).await, format!("\"{names}\""));
    }
}

#[tokio::test]
async fn base_functions() {
    for (expressions, expected) in [
        ("select('#', assert(1, 2)), (pcall(error))", "[2,false]"),
        ("pcall(error, 'x')", r#"[false,"x"]"#),
        ("select(2, pcall(error, { code = 7 })).code", "[7]"),
        ("pcall(function(...) return ... end, 1, 2)", "[true,1,2]"),
        ("xpcall(error, function(m) return m .. '!' end, 'x')", r#"[false,"x!"]"#),
        ("xpcall(function(a) return a end, print, 5)", "[true,5]"),
        (
            "rawequal('a', 'a'), rawlen({ 1, 2 }), rawget({ a = 1 }, 'a'), rawset({}, 'a', 3).a",
            "[true,2,1,3]",
        ),
        ("tonumber('0x10'), tonumber('z', 36), tostring(1.5), type(nil)", r#"[16,35,"1.5","nil"]"#),
        ("unpack({ 1, 2, 3 })", "[1,2,3]"),
        ("getmetatable(setmetatable({}, { __metatable = 'mine' }))", r#"["mine"]"#),
        (
            "(function() local t = {} for i, v in ipairs{ 5, 6 } do t[i] = i * v end return unpack(t) end)()",
            "[5,12]",
        ),
        ("next({ a = 1 })", r#"["a",1]"#),
    ] {
        assert_eq!(eval(expressions).await, expected, "{expressions}");
    }
}

#[tokio::test]
async fn strings() {
    for (expressions, expected) in [
        ("('abc'):byte(1, -1)", "[97,98,99]"),
        (
            "string.char(72, 105), ('Hi'):len(), ('Hi'):lower(), ('Hi'):upper(), ('Hi'):reverse()",
            r#"["Hi",2,"hi","HI","iH"]"#,
        ),
        (
            "('ab'):rep(3, '-'), ('x'):rep(-1), (''):rep(math.maxinteger), ('hello'):sub(2, -2)",
            r#"["ab-ab-ab","","","ell"]"#,
        ),
        ("string.format('%5.2f|%d|%s|%q|%x', 1.5, 3, {} ~= nil, 'a', 255)", r#"[" 1.50|3|true|\"a\"|ff"]"#),
        ("string.unpack('<i4', string.pack('<i4', 7)), string.packsize('i4i4')", "[7,8]"),
        ("('hello world'):find('o w')", "[5,7]"),
        ("('hello'):find('l', 1, true)", "[3,3]"),
        ("('hello'):find('(l)(l)')", r#"[3,4,"l","l"]"#),
        ("('a.b'):find('.', 2, true), ('abc'):find('b', -1)", "[2]"),
        ("('key = value'):match('(%w+) = (%w+)')", r#"["key","value"]"#),
        ("('  trim '):match('^%s*(.-)%s*$'), ('abc'):match('()c')", r#"["trim",3]"#),
        ("('abc'):match('b', 5)", "[]"),
        ("('hello'):gsub('l', 'L')", r#"["heLLo",2]"#),
        ("('hello'):gsub('', '-')", r#"["-h-e-l-l-o-",6]"#),
        ("('abc'):gsub('%w', '%0%0', 2)", r#"["aabbc",2]"#),
        ("('hello world'):gsub('(%w+) (%w+)', '%2 %1')", r#"["world hello",1]"#),
        ("('$name is $age'):gsub('%$(%w+)', { name = 'Ann', age = 7 })", r#"["Ann is 7",2]"#),
        ("('abc'):gsub('.', function(c) if c == 'b' then return 'B' end end)", r#"["aBc",3]"#),
        ("('aaa'):gsub('^a', 'b'), ('abc'):gsub('b', '%%')", r#"["baa","a%c",1]"#),
        ("('THE (quick) fox'):find('%((%a+)%)')", r#"[5,11,"quick"]"#),
        (
            "('f(a(b)c)d'):match('%b()'), ('THE (quick) fox'):gsub('%f[%a]%a+', 'w')",
            r#"["(a(b)c)","w (w) w",3]"#,
        ),
    ] {
        assert_eq!(eval(expressions).await, expected, "{expressions}");
    }
    let words =
        "local t = toarray{} for a, b in ('k=v, x=y'):gmatch('(%w)=(%w)') do t[#t + 1] = a .. b end return t";
    assert_eq!(text_with(&format!("function handle() {words} end"), json!({})).await, r#"["kv","xy"]"#);
}

#[tokio::test]
async fn tables() {
    let with = |body: &str| format!("function handle() local t = toarray{{ 3, 1, 2 }} {body} end");
    for (body, expected) in [
        ("table.insert(t, 9) return t", "[3,1,2,9]"),
        ("table.insert(t, 1, 9) return t", "[9,3,1,2]"),
        ("return toarray{ table.remove(t), table.remove(t, 1), #t }", "[2,3,1]"),
        ("return toarray{ table.remove({}) == nil, table.remove({}, 0) == nil, #t }", "[true,true,3]"),
        ("table.sort(t) return t", "[1,2,3]"),
        ("table.sort(t, function(a, b) return a > b end) return t", "[3,2,1]"),
        ("return table.concat(t, ',') .. table.concat(t, '', 2, 3)", r#""3,1,212""#),
        ("return toarray{ table.unpack(t, 2) }", "[1,2]"),
        ("return table.pack(1, nil, 3).n", "3"),
        ("return table.move(t, 1, 2, 2)", "[3,3,1]"),
        ("return table.move(t, 2, 3, 1)", "[1,2,2]"),
        ("return table.move(t, 1, 3, 1, toarray{})", "[3,1,2]"),
    ] {
        assert_eq!(text_with(&with(body), json!({})).await, expected, "{body}");
    }
    assert!(message("table.insert({}, 5, 1)").await.contains("position out of bounds"));
    assert!(message("table.remove({ 1 }, 7)").await.contains("position out of bounds"));
    assert!(message("table.insert(nil, 1)").await.contains("table expected, got no value"));
}

#[tokio::test]
async fn the_other_libraries() {
    for (expressions, expected) in [
        (
            "math.type(1), math.type(1.0), math.max(1, 2), 7 // 2, 7 / 2, 1 << 4",
            r#"["integer","float",2,3,3.5,16]"#,
        ),
        ("math.random(5, 5), math.tointeger(3.0), math.maxinteger", "[5,3,9223372036854775807]"),
        ("utf8.char(228, 8364), utf8.len('äé'), utf8.codepoint('ä')", r#"["ä€",2,228]"#),
        (
            "os.time{ year = 2020, month = 1, day = 2, hour = 3 } > 0, os.date('!%Y-%m-%d', 0), os.difftime(3, 1)",
            r#"[true,"1970-01-01",2.0]"#,
        ),
        ("os.clock() >= 0", "[true]"),
        ("coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b end)(1)", "[2]"),
        ("coroutine.resume(coroutine.create(function() error('x', 0) end))", r#"[false,"x"]"#),
        ("coroutine.status(coroutine.create(print)), coroutine.isyieldable()", r#"["suspended",false]"#),
        ("coroutine.close(coroutine.create(print)), select(2, coroutine.running())", "[true,true]"),
    ] {
        assert_eq!(eval(expressions).await, expected, "{expressions}");
    }
}

#[tokio::test]
async fn identifiers_of_time() {
    for (expressions, expected) in [
        ("TID.toISO8601('3jzfcijpj2z2a')", r#"["2023-06-30T15:03:01.887007Z"]"#),
        ("TID.toUnixMicroseconds('3jzfcijpj2z2a')", "[1688137381887007]"),
        ("TID.fromUnixMicroseconds(1688137381887007)", r#"["3jzfcijpj2z22"]"#),
        ("TID.fromISO8601('2023-06-30T17:03:01.8870079+02:00')", r#"["3jzfcijpj2z22"]"#),
        (
            "TID.fromNumber(TID.toNumber('3jzfcijpj2z2a')), math.type(TID.toNumber('3jzfcijpj2z2a'))",
            r#"["3jzfcijpj2z2a","integer"]"#,
        ),
        ("#TID(), TID() < TID(), #now(), now():sub(1, 2), now():sub(-1)", r#"[13,true,27,"20","Z"]"#),
    ] {
        assert_eq!(eval(expressions).await, expected, "{expressions}");
    }
    for wrong in
        ["TID.toNumber('x')", "TID.fromNumber(-1)", "TID.fromISO8601('soon')", "TID.fromUnixMicroseconds(-5)"]
    {
        assert!(message(wrong).await.starts_with("test:2: "), "{wrong}");
    }
}

#[tokio::test]
async fn what_is_logged_comes_back_and_is_told_to_the_host() {
    let rig = Rig::new(1);
    let script = "function handle() log('one') log(2) log(nil) print('not', 'here') end";
    let outcome = rig.outcome(script, run()).await.unwrap();
    assert_eq!(outcome.log, ["one", "2", "nil"]);
    assert_eq!(*rig.host.logged.lock().unwrap(), outcome.log);
    let flood = "function handle() for _ = 1, 1000 do log(('ä'):rep(5000)) end end";
    let log = rig.outcome(flood, run()).await.unwrap().log;
    assert_eq!((log.len(), log[0].len()), (200, 4096));
}

#[tokio::test]
async fn errors_say_where() {
    for (body, expected) in [
        ("error('boom')", "test:2: boom"),
        ("error('boom', 0)", "boom"),
        ("local x = nil; x.y = 1", "test:2: attempt to index a nil value (local 'x')"),
        ("json.decode('{')", "test:2: invalid JSON: EOF while parsing an object at line 1 column 1"),
        ("('x'):find('[')", "test:2: malformed pattern (missing ']')"),
        ("('x'):find({})", "test:2: bad argument #2 to 'find' (string expected, got table)"),
        ("test.fail()", "test:2: the host is on holiday"),
        ("setmetatable({}, { __gc = print })", "test:2: finalisers (__gc) are not supported"),
        ("error(setmetatable({}, { __tostring = function() return 'as text' end }))", "as text"),
    ] {
        assert_eq!(message(body).await, expected, "{body}");
    }
}
