//! Values, the host, and what is counted.

use std::rc::Rc;

use mlua::{Function, Lua, LuaString, MultiValue, Table, Value};
use serde_json::value::RawValue;

use super::{AS_IT_IS, AT_CALLER, answer, failure};
use crate::json::{self, EncodeError};
use crate::meter::Over;
use crate::session::{CallError, Session};
use crate::{Global, HostError, Limit};

/// What Lua raises when there is no memory.
const NO_MEMORY: &[u8] = b"not enough memory";

/// JSON pays by its length.
const BYTES_PER_INSTRUCTION: u64 = 16;

/// How an error begins that is about authorisation.
pub(crate) const AUTH_MARK: &str = "AUTH_ERROR:";

pub(super) fn add(
    lua: &Lua,
    natives: &Table,
    marker: &Table,
    session: &Rc<Session>,
    functions: usize,
) -> mlua::Result<()> {
    let set = |name: &str, function: Function| natives.raw_set(name, function);
    let here = || (Rc::clone(session), marker.clone());

    let (of, _) = here();
    set("spend", lua.create_function(move |_, amount: f64| spend(&of, amount))?)?;
    let (of, _) = here();
    set("caught", lua.create_function(move |lua, error: Value| caught(lua, &of, error))?)?;
    set("seed", lua.create_function(|_, ()| Ok((rand::random::<i64>(), rand::random::<i64>())))?)?;
    let (of, _) = here();
    let log = move |_: &Lua, text: LuaString| {
        of.log(&text.to_string_lossy());
        Ok(())
    };
    set("log", lua.create_function(log)?)?;
    let (of, _) = here();
    let print = move |_: &Lua, text: LuaString| {
        of.print(&text.to_string_lossy());
        Ok(())
    };
    set("print", lua.create_function(print)?)?;

    let (_, marker_of) = here();
    let array = move |_: &Lua, table: Table| table.set_metatable(Some(marker_of.clone())).map(|()| table);
    set("array", lua.create_function(array)?)?;
    let (of, marker_of) = here();
    let encode = move |lua: &Lua, value: Value| match encoded(lua, &of, "the value", &value, &marker_of)? {
        Ok(json) => answer(lua, Ok(lua.create_string(json.get())?)),
        Err(message) => answer::<()>(lua, Err(message)),
    };
    set("encode", lua.create_function(encode)?)?;
    let (of, marker_of) = here();
    let decode = move |lua: &Lua, text: LuaString| {
        let text = text.as_bytes();
        of.meter.spend(instructions(text.len()))?;
        answer(lua, json::decode(lua, &marker_of, &text)?)
    };
    set("decode", lua.create_function(decode)?)?;
    let (of, marker_of) = here();
    set("given", lua.create_function(move |lua, name: Value| given(lua, &of, &marker_of, &name))?)?;

    let (of, _) = here();
    set("offered", lua.create_function(move |lua, ()| lua.create_string(of.offered(functions)))?)?;
    let (of, marker_of) = here();
    set("call", lua.create_function(move |lua, arguments| call(lua, &of, &marker_of, arguments))?)
}

fn spend(session: &Session, amount: f64) -> mlua::Result<()> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it saturates, which is meant"
    )]
    let amount = amount as u64;
    Ok(session.meter.spend(amount)?)
}

/// An error that a script has caught: not if the run is over. Errors of ours become text.
fn caught(lua: &Lua, session: &Session, error: Value) -> mlua::Result<Value> {
    let is_memory = match &error {
        Value::String(text) => &*text.as_bytes() == NO_MEMORY,
        Value::Error(error) => is_memory(error),
        _ => false,
    };
    if is_memory {
        return Err(session.meter.end(Over::Limit(Limit::Memory)).into());
    }
    if let Some(over) = session.meter.over() {
        return Err(over.into());
    }
    match error {
        Value::Error(error) => lua.create_string(innermost(&error).to_string()).map(Value::String),
        error => Ok(error),
    }
}

/// Whether there was no memory.
pub(crate) fn is_memory(error: &mlua::Error) -> bool {
    matches!(innermost(error), mlua::Error::MemoryError(_))
}

/// The error that a function raised, without where.
pub(crate) fn innermost(error: &mlua::Error) -> &mlua::Error {
    match error {
        mlua::Error::CallbackError { cause, .. } | mlua::Error::BadArgument { cause, .. } => innermost(cause),
        error => error,
    }
}

fn instructions(json: usize) -> u64 {
    json as u64 / BYTES_PER_INSTRUCTION
}

fn encoded(
    lua: &Lua,
    session: &Session,
    root: &str,
    value: &Value,
    marker: &Table,
) -> mlua::Result<Result<Box<RawValue>, String>> {
    match json::encode(lua, root, value, marker, session.meter.output_limit()) {
        Ok(json) => {
            session.meter.spend(instructions(json.get().len()))?;
            Ok(Ok(json))
        }
        Err(EncodeError::Unfit(message)) => Ok(Err(message)),
        Err(EncodeError::TooLarge) => Err(session.meter.end(Over::Limit(Limit::Output)).into()),
        Err(EncodeError::Lua(error)) => Err(error),
    }
}

/// The value of JSON that the script did not write.
fn decoded(lua: &Lua, marker: &Table, json: &RawValue) -> mlua::Result<Result<Value, String>> {
    if json.get() == "null" { Ok(Ok(Value::Nil)) } else { json::decode_json(lua, marker, json) }
}

/// The global variable of this name, if it was given one that it has not asked for before.
fn given(lua: &Lua, session: &Session, marker: &Table, name: &Value) -> mlua::Result<Value> {
    let Value::String(name) = name else { return Ok(Value::Nil) };
    let value = match session.global(&name.as_bytes()) {
        None => return Ok(Value::Nil),
        Some(Global::Text(text)) => return lua.create_string(&*text).map(Value::String),
        Some(Global::Json(json)) => decoded(lua, marker, &json),
        Some(Global::Shared(json)) => decoded(lua, marker, &json),
        Some(Global::Lazy(json)) => decoded(lua, marker, &json()),
    };
    value?.map_err(mlua::Error::runtime)
}

/// Calls the host function whose number comes first with what follows.
fn call(lua: &Lua, session: &Session, marker: &Table, mut arguments: MultiValue) -> mlua::Result<MultiValue> {
    let Some(Value::Integer(number)) = arguments.pop_front() else {
        return answer::<()>(lua, Err("no function of the host".to_owned()));
    };
    let mut text = "[".to_owned();
    for (place, argument) in arguments.iter().enumerate() {
        match encoded(lua, session, &format!("argument #{}", place + 1), argument, marker)? {
            Ok(argument) if place == 0 => text += argument.get(),
            Ok(argument) => text.extend([",", argument.get()]),
            Err(message) => return answer::<()>(lua, Err(message)),
        }
    }
    text.push(']');
    let arguments = RawValue::from_string(text).map_err(mlua::Error::external)?;
    let function = usize::try_from(number - 1).unwrap_or(usize::MAX);
    match session.call(function, &arguments) {
        Ok(result) => {
            session.meter.spend(instructions(result.get().len()))?;
            answer(lua, decoded(lua, marker, &result)?)
        }
        Err(CallError::Host(HostError { message, is_auth: false })) => failure(lua, message, AT_CALLER),
        Err(CallError::Host(HostError { message, .. })) => {
            failure(lua, format!("{AUTH_MARK} {message}"), AS_IT_IS)
        }
        Err(CallError::Over(over)) => Err(over.into()),
    }
}
