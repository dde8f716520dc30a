//! What the prelude cannot do in Lua.

mod matching;
mod moments;
pub(crate) mod values;

use std::rc::Rc;

use mlua::{IntoLuaMulti, LightUserData, Lua, MultiValue, Table, Value};

use crate::session::Session;

/// Begins what a function returns instead of raising: a message and the level of `error` follow. A script never sees it.
fn failed() -> Value {
    Value::LightUserData(LightUserData(std::ptr::without_provenance_mut(1)))
}

/// Raised at the line that called the function.
const AT_CALLER: i64 = 2;

/// Raised as it is.
const AS_IT_IS: i64 = 0;

/// The values of a function, or its failure in the way the prelude expects.
fn answer<T: IntoLuaMulti>(lua: &Lua, result: Result<T, String>) -> mlua::Result<MultiValue> {
    match result {
        Ok(values) => values.into_lua_multi(lua),
        Err(message) => failure(lua, message, AT_CALLER),
    }
}

fn failure(lua: &Lua, message: String, level: i64) -> mlua::Result<MultiValue> {
    (failed(), message, level).into_lua_multi(lua)
}

/// The table of native functions. `marker` is the metatable of arrays.
pub(crate) fn natives(
    lua: &Lua,
    marker: &Table,
    session: &Rc<Session>,
    host_names: &[&'static str],
) -> mlua::Result<Table> {
    let natives = lua.create_table()?;
    natives.raw_set("failed", failed())?;
    natives.raw_set("null", Value::NULL)?;
    natives.raw_set("host_names", host_names)?;
    matching::add(lua, &natives, session)?;
    moments::add(lua, &natives)?;
    values::add(lua, &natives, marker, session, host_names.len())?;
    Ok(natives)
}
