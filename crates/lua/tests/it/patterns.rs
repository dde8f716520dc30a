//! Our matcher against that of Lua.

use lua::Returned;
use proptest::prelude::*;
use serde_json::json;

use crate::rig::{Rig, run_with};

/// Everything that takes a pattern, as text; runs in both.
const SHOW: &str = r#"
local function show(...)
  local shown = {}
  for i = 1, select('#', ...) do
    local value = select(i, ...)
    shown[i] = type(value) .. " " .. tostring(value)
  end
  return table.concat(shown, ", ")
end
local function all(s, p, init)
  local found = {}
  for a, b in string.gmatch(s, p, init) do found[#found + 1] = show(a, b) end
  return table.concat(found, "; ")
end
function handle()
  return {
    show(pcall(string.find, s, p, init)), show(pcall(string.find, s, p, init, true)), show(pcall(string.match, s, p, init)),
    show(pcall(all, s, p, init)), show(pcall(string.gsub, s, p, r)), show(pcall(string.gsub, s, p, r, 2)),
    show(pcall(string.gsub, s, p, function(a, b) if a == "a" then return nil end return show(a, b) end)),
    show(pcall(string.gsub, s, p, { a = "[A]", ab = 7, b = false })),
  }
end
"#;

fn pattern() -> impl Strategy<Value = String> {
    let single = prop_oneof![
        4 => "[ab1 .]",
        1 => "%[adlswxpcgu%.ADWSz\\]]",
        1 => r"\[\^?\]?[ab%d1-]{1,3}(%[adw\]-])?[a-]?\]",
        1 => r"\[[a-b]-[a-c]\]",
    ];
    let item = prop_oneof![
        6 => (single, prop_oneof![3 => Just(""), 1 => Just("*"), 1 => Just("+"), 1 => Just("-"), 1 => Just("?")])
            .prop_map(|(single, repeated)| format!("{single}{repeated}")),
        1 => Just("(".to_owned()),
        1 => Just(")".to_owned()),
        1 => Just("()".to_owned()),
        1 => Just("%b()".to_owned()),
        1 => Just("%f[%a]".to_owned()),
        1 => Just("%1".to_owned()),
        1 => Just("$".to_owned()),
        1 => Just("^".to_owned()),
        1 => "[%\\[\\]()*b1f-]",
    ];
    let free = proptest::collection::vec(item, 0..7).prop_map(|items| items.concat());
    let grouped = free.clone().prop_map(|inner| format!("({inner})%1?"));
    let anchored = free.clone().prop_map(|inner| format!("^{inner}"));
    prop_oneof![4 => free, 1 => grouped, 1 => anchored]
}

/// Lua's own, on the same machine for all cases.
fn theirs(lua: &mlua::Lua, s: &str, p: &str, r: &str, init: i64) -> Vec<String> {
    let globals = lua.globals();
    globals.set("s", s).unwrap();
    globals.set("p", p).unwrap();
    globals.set("r", r).unwrap();
    globals.set("init", init).unwrap();
    let handle: mlua::Function = globals.get("handle").unwrap();
    handle.call(()).unwrap()
}

/// Without the line where an error was raised.
fn plain(shown: &str) -> &str {
    let error = shown.strip_prefix("boolean false, string ");
    error.map_or(shown, |error| error.rsplit_once(": ").map_or(error, |(_, message)| message))
}

#[test]
fn all_patterns_match_alike() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let rig = Rig::new(1);
    let program = runtime.block_on(rig.engine.compile("test", SHOW)).unwrap();
    let lua = mlua::Lua::new();
    lua.load(SHOW).exec().unwrap();
    let config = ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(s in "[ab1(). A\\-%]{0,12}", p in pattern(), r in "(%[0-2%]|[a-c%]){0,3}", init in -14_i64..15)| {
        let globals = json!({ "s": s, "p": p, "r": r, "init": init });
        let outcome = runtime.block_on(rig.engine.run(&program, run_with(globals))).unwrap();
        let Returned::Table(ours) = outcome.returned else { panic!("a table") };
        let ours: Vec<String> = serde_json::from_str(ours.get()).unwrap();
        for (ours, theirs) in ours.iter().zip(theirs(&lua, &s, &p, &r, init)) {
            // Lua notices a missing parenthesis only where it is asked for the capture.
            if plain(ours) != "unfinished capture" {
                prop_assert_eq!(plain(ours), plain(&theirs));
            }
        }
    });
}
