//! `TID` and `now`.

use atproto::Tid;
use mlua::{Lua, Table};

use super::answer;
use crate::tids;

pub(super) fn add(lua: &Lua, natives: &Table) -> mlua::Result<()> {
    let set = |name: &str, function: mlua::Function| natives.raw_set(name, function);
    set("now", lua.create_function(|_, ()| Ok(tids::now()))?)?;
    set("tid_new", lua.create_function(|lua, ()| answer(lua, out(tids::next())))?)?;
    set(
        "tid_to_iso",
        lua.create_function(|lua, text: String| {
            let moment = parse(&text).and_then(|tid| {
                tids::iso(tid.timestamp_micros()).ok_or_else(|| format!("{text:?} is out of range"))
            });
            answer(lua, moment)
        })?,
    )?;
    set(
        "tid_from_iso",
        lua.create_function(|lua, text: String| {
            answer(lua, tids::from_iso(&text).and_then(|micros| out(Tid::new(micros, 0))))
        })?,
    )?;
    set(
        "tid_to_micros",
        lua.create_function(|lua, text: String| answer(lua, parse(&text).map(Tid::timestamp_micros)))?,
    )?;
    set("tid_from_micros", lua.create_function(|lua, micros: i64| answer(lua, out(Tid::new(micros, 0))))?)?;
    set(
        "tid_to_number",
        lua.create_function(|lua, text: String| answer(lua, parse(&text).map(Tid::as_i64)))?,
    )?;
    set("tid_from_number", lua.create_function(|lua, number: i64| answer(lua, out(Tid::from_i64(number))))?)
}

fn parse(text: &str) -> Result<Tid, String> {
    Tid::parse(text).map_err(|error| error.to_string())
}

fn out(tid: Option<Tid>) -> Result<String, String> {
    tid.map(|tid| tid.to_string())
        .ok_or_else(|| "out of range of a TID, which ends in the year 2255".to_owned())
}
