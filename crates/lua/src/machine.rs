//! A Lua state with one program in it, used for one run after the other.

#![expect(unsafe_code, reason = "that a machine moves as a whole is beyond what the compiler can see")]

use std::rc::Rc;

use mlua::chunk::ChunkMode;
use mlua::{Function, Lua, LuaOptions, StdLib, Table, Value};

use crate::fiber::Waiter;
use crate::hook;
use crate::json::{self, EncodeError};
use crate::limits::{Limit, Limits};
use crate::meter::Over;
use crate::natives::natives;
use crate::natives::values::{AUTH_MARK, innermost, is_memory};
use crate::prelude::Parts;
use crate::session::{Scene, Session};
use crate::{Failure, Observed, Returned, ScriptError};

/// A machine that holds this much more than when it was new is tidied before it is used again.
const GARBAGE: usize = 512 << 10;

/// Lua cuts longer names short in messages.
const SHOWN_NAME_BYTES: usize = 59;

pub(crate) struct Machine {
    lua: Lua,
    session: Rc<Session>,
    marker: Table,
    /// Makes the environment of a run.
    environment: Function,
    script: Function,
    name: String,
    memory_when_new: usize,
}

// SAFETY: a machine is not shared, and nothing of it is ever outside: its tables, functions and what these hold are reached
// through it only, and what it gives is text. So all of it goes from one thread to the other, or nothing.
unsafe impl Send for Machine {}

/// What a machine runs.
pub(crate) enum Code<'a> {
    Source(&'a str),
    Bytecode(&'a [u8]),
}

impl Machine {
    /// A machine with a program. Fails with [`ScriptError::Syntax`] for a source that is not Lua.
    pub(crate) fn new(
        parts: &Parts,
        host_names: &[&'static str],
        name: &str,
        code: &Code<'_>,
    ) -> Result<Self, ScriptError> {
        let libraries =
            StdLib::STRING | StdLib::TABLE | StdLib::MATH | StdLib::UTF8 | StdLib::COROUTINE | StdLib::OS;
        let session = Rc::new(Session::new());
        let name = name[..name.floor_char_boundary(SHOWN_NAME_BYTES)].to_owned();
        let build = || {
            let lua = Lua::new_with(libraries, LuaOptions::new())?;
            lua.set_app_data(Rc::clone(&session));
            hook::install(&lua)?;
            lua.set_memory_limit(Limits::default().memory)?;
            let marker = lua.create_table()?;
            marker.raw_set("__metatable", false)?;
            let natives = natives(&lua, &marker, &session, host_names)?;
            let environment = parts.load(&lua, &natives)?;
            let chunk = match code {
                Code::Source(source) => lua.load(*source).set_mode(ChunkMode::Text),
                Code::Bytecode(bytecode) => lua.load(*bytecode).set_mode(ChunkMode::Binary),
            };
            let script = chunk.set_name(format!("={name}")).into_function()?;
            lua.gc_collect()?;
            let memory_when_new = lua.used_memory();
            Ok(Self {
                lua,
                session: Rc::clone(&session),
                marker,
                environment,
                script,
                name: name.clone(),
                memory_when_new,
            })
        };
        build().map_err(|error| match (describe(&error, None, &name), code) {
            // Such as parentheses that are too many for the compiler.
            (ScriptError::Runtime(failure), Code::Source(_)) => {
                ScriptError::Syntax { message: failure.message, line: failure.line }
            }
            (error, _) => error,
        })
    }

    pub(crate) fn bytecode(&self) -> Vec<u8> {
        self.script.dump(false)
    }

    /// Runs the top level only, without a host, and sees whether it defines `handle`.
    pub(crate) fn check(&self, limits: Limits) -> Result<(), ScriptError> {
        let checked = self.begin(limits, None, None).and_then(|()| {
            let env = self.environment.call::<Table>(())?;
            env.raw_set("env", self.lua.create_table()?)?;
            self.load(&env)
        });
        self.session.finish();
        match checked {
            Ok(Value::Function(_)) if self.session.meter.over().is_none() => Ok(()),
            Ok(_) => Err(self.session.meter.over().map_or(ScriptError::NoHandle, ScriptError::from)),
            Err(error) => Err(self.describe(&error)),
        }
    }

    /// Runs the top level and `handle`.
    pub(crate) fn run(&self, limits: Limits, waiter: &Waiter, scene: Scene) -> Observed {
        let begun = self.begin(limits, Some(waiter.clone()), Some(scene));
        let result = begun.and_then(|()| self.handle());
        // A run that is over has no result, even if it came to its end before it noticed.
        let returned = match (self.session.meter.over(), result) {
            (Some(over), _) => Err(over.into()),
            (None, Ok(Some(result))) => self.returned(&result),
            (None, Ok(None)) => Err(ScriptError::NoHandle),
            (None, Err(error)) => Err(self.describe(&error)),
        };
        let stats = self.session.meter.finish(self.lua.used_memory());
        Observed { returned, stats, log: self.session.finish() }
    }

    /// Makes the machine fit for another run; whether it is. One whose run was cut off may be in the middle of something.
    pub(crate) fn tidy(&self) -> bool {
        if self.session.meter.over().is_some() {
            return false;
        }
        self.lua.used_memory() < self.memory_when_new + GARBAGE
            || (self.lua.gc_collect().is_ok() && self.lua.used_memory() < self.memory_when_new + GARBAGE)
    }

    fn begin(&self, limits: Limits, waiter: Option<Waiter>, scene: Option<Scene>) -> mlua::Result<()> {
        self.lua.set_memory_limit(limits.memory)?;
        self.session.meter.begin(limits, waiter);
        self.session.begin(scene);
        Ok(())
    }

    fn load(&self, env: &Table) -> mlua::Result<Value> {
        self.script.set_environment(env.clone())?;
        self.script.call::<()>(())?;
        env.raw_get("handle")
    }

    fn handle(&self) -> mlua::Result<Option<Value>> {
        match self.load(&self.environment.call(())?)? {
            Value::Function(handle) => handle.call::<Value>(()).map(Some),
            _ => Ok(None),
        }
    }

    fn returned(&self, value: &Value) -> Result<Returned, ScriptError> {
        if value.is_nil() {
            return Ok(Returned::Nil);
        }
        let limit = self.session.meter.output_limit();
        let json = match json::encode(&self.lua, "the result", value, &self.marker, limit) {
            Ok(json) => Ok(json),
            Err(EncodeError::TooLarge) => Err(self.session.meter.end(Over::Limit(Limit::Output)).into()),
            Err(EncodeError::Unfit(message)) => Err(failure(message)),
            Err(EncodeError::Lua(error)) => Err(self.describe(&error)),
        };
        json.map(if value.is_table() { Returned::Table } else { Returned::Other })
    }

    fn describe(&self, error: &mlua::Error) -> ScriptError {
        describe(error, self.session.meter.over(), &self.name)
    }
}

fn failure(message: String) -> ScriptError {
    ScriptError::Runtime(Box::new(Failure { message, line: None, traceback: String::new() }))
}

/// What an error of the machine means.
fn describe(error: &mlua::Error, over: Option<Over>, name: &str) -> ScriptError {
    if let Some(over) = over {
        return over.into();
    }
    if is_memory(error) {
        return ScriptError::Limit(Limit::Memory);
    }
    let (text, outer) = match error {
        mlua::Error::SyntaxError { message, .. } => {
            return ScriptError::Syntax { message: message.clone(), line: line_in(message, name) };
        }
        mlua::Error::CallbackError { traceback, .. } => (innermost(error).to_string(), Some(traceback)),
        mlua::Error::RuntimeError(text) => (text.clone(), None),
        error => (error.to_string(), None),
    };
    let (message, traceback) = text.split_once("\nstack traceback:\n").unwrap_or((&text, ""));
    if let Some(message) = message.strip_prefix(AUTH_MARK) {
        return ScriptError::Auth(message.trim_start().to_owned());
    }
    let traceback = outer.map_or(traceback, |outer| outer.trim_start_matches("stack traceback:\n"));
    let line = line_in(message, name).or_else(|| line_in(traceback, name));
    ScriptError::Runtime(Box::new(Failure {
        message: without_address(message),
        line,
        traceback: traceback.to_owned(),
    }))
}

/// Of a value that is no text, such as a table, Lua says where it is in memory. That is nobody's business.
fn without_address(message: &str) -> String {
    match message.split_once(": 0x") {
        Some((kind, address))
            if !kind.contains(char::is_whitespace)
                && address.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            format!("an error that is no text but a {kind}")
        }
        _ => message.to_owned(),
    }
}

/// The line that follows the first mention of the script.
fn line_in(text: &str, name: &str) -> Option<u32> {
    let after = text.split_once(&format!("{name}:"))?.1;
    after[..after.find(|c: char| !c.is_ascii_digit())?].parse().ok()
}
