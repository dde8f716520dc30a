//! Lua values to JSON text.
//!
//! The value is read where it lies, in one protected call: see [`decode`](super::decode).

#![expect(unsafe_code, reason = "values without handles are not to be had otherwise")]

use std::borrow::Cow;
use std::ffi::{CStr, c_int};
use std::fmt::Write as _;
use std::{ptr, slice};

use mlua::{Lua, Table, Value, ffi};
use serde_json::value::RawValue;

use super::MAX_DEPTH;
use super::key::Key;

/// Why a value has no JSON text.
#[derive(Debug)]
pub(crate) enum EncodeError {
    /// The text would be longer than it may.
    TooLarge,
    /// There is something in it that JSON has not; says where.
    Unfit(String),
    /// The machine failed.
    Lua(mlua::Error),
}

impl From<mlua::Error> for EncodeError {
    fn from(error: mlua::Error) -> Self {
        Self::Lua(error)
    }
}

/// The JSON of a value, of at most `limit` bytes. `root` is its name in errors.
///
/// A table with the metatable `marker` is an array, holes being `null`; so is one whose keys are 1 to n. Others are objects,
/// in the order of their keys, so that equal tables have equal texts. `nil` is `null`.
pub(crate) fn encode(
    lua: &Lua,
    root: &str,
    value: &Value,
    marker: &Table,
    limit: usize,
) -> Result<Box<RawValue>, EncodeError> {
    let mut encoder =
        Encoder { root, limit, text: String::new(), path: Vec::new(), keys: Vec::new(), fault: None };
    // SAFETY: the marker and the value are on the stack, and nothing else when this ends. An error of Lua jumps out of here,
    // past functions that have nothing to be dropped: all that has is in `encoder`. Pointers into strings are used while the
    // tables that hold these are on the stack and do not change.
    let () = unsafe {
        lua.exec_raw((marker, value), |state| {
            let slots = c_int::try_from(MAX_DEPTH * 4 + 8).unwrap_or(c_int::MAX);
            ffi::luaL_checkstack(state, slots, ptr::null());
            encoder.value(state);
            ffi::lua_settop(state, 0);
        })
    }?;
    match encoder.fault {
        // SAFETY: the text was put together from whole JSON values.
        None => Ok(unsafe { RawValue::from_string_unchecked(encoder.text) }),
        Some(fault) => Err(fault),
    }
}

struct Encoder<'a> {
    root: &'a str,
    limit: usize,
    text: String,
    /// What leads to the value, below the root.
    path: Vec<Key>,
    /// The keys of all tables on the path, those of the innermost last.
    keys: Vec<Key>,
    fault: Option<EncodeError>,
}

impl Encoder<'_> {
    /// Writes the value on the top of the stack, and leaves it there. Nothing if there is a fault.
    ///
    /// # Safety
    /// As of [`encode`]: the marker is at the bottom of the stack, and there is room for four values more at each depth.
    unsafe fn value(&mut self, state: *mut ffi::lua_State) -> Option<()> {
        // SAFETY: as the caller says; a type is asked for before the value is taken for one of it.
        unsafe {
            match ffi::lua_type(state, -1) {
                ffi::LUA_TNIL => self.text.push_str("null"),
                ffi::LUA_TLIGHTUSERDATA if ffi::lua_touserdata(state, -1).is_null() => {
                    self.text.push_str("null");
                }
                ffi::LUA_TBOOLEAN if ffi::lua_toboolean(state, -1) != 0 => self.text.push_str("true"),
                ffi::LUA_TBOOLEAN => self.text.push_str("false"),
                ffi::LUA_TNUMBER if ffi::lua_isinteger(state, -1) != 0 => {
                    // Writing to a string does not fail.
                    let _ = write!(self.text, "{}", ffi::lua_tointeger(state, -1));
                }
                ffi::LUA_TNUMBER => self.number(ffi::lua_tonumber(state, -1))?,
                ffi::LUA_TSTRING => {
                    let mut length = 0;
                    let start = ffi::lua_tolstring(state, -1, &raw mut length);
                    self.string(slice::from_raw_parts(start.cast(), length), "a string")?;
                }
                ffi::LUA_TTABLE => self.table(state)?,
                kind => return self.unfit(&format!("a {}", type_name(state, kind))),
            }
        }
        if self.text.len() > self.limit { self.fail(EncodeError::TooLarge) } else { Some(()) }
    }

    /// Floats keep their point, and are read back as the same ones.
    fn number(&mut self, number: f64) -> Option<()> {
        if !number.is_finite() {
            return self.unfit(&format!("the number {number}"));
        }
        self.plain(&number)
    }

    fn string(&mut self, text: &[u8], what: &str) -> Option<()> {
        if self.text.len() + text.len() > self.limit {
            return self.fail(EncodeError::TooLarge);
        }
        match std::str::from_utf8(text) {
            Ok(text) => self.plain(&text),
            Err(_) => self.unfit(&format!("{what} that is not UTF-8")),
        }
    }

    /// What serde has a text for.
    fn plain(&mut self, value: &impl serde::Serialize) -> Option<()> {
        // SAFETY: serde writes UTF-8.
        let written = serde_json::to_writer(unsafe { self.text.as_mut_vec() }, value);
        match written {
            Ok(()) => Some(()),
            Err(error) => self.unfit(&error.to_string()),
        }
    }

    unsafe fn table(&mut self, state: *mut ffi::lua_State) -> Option<()> {
        // A table that contains itself has no end, and is too deep before that.
        if self.path.len() == MAX_DEPTH {
            return self.unfit(&format!("a table more than {MAX_DEPTH} levels deep, or inside itself"));
        }
        // SAFETY: as the caller says.
        unsafe {
            let length = ffi::lua_rawlen(state, -1);
            if is_marked(state) {
                return self.array(state, length);
            }
            let first = self.keys.len();
            let in_sequence = self.collect(state, length)?;
            let count = self.keys.len() - first;
            if length > 0 && in_sequence == length && count == length {
                self.keys.truncate(first);
                return self.array(state, length);
            }
            self.object(state, first)
        }
    }

    /// Puts the keys of the table with the others; how many of them are the place of an element.
    unsafe fn collect(&mut self, state: *mut ffi::lua_State, length: usize) -> Option<usize> {
        let (first, mut in_sequence) = (self.keys.len(), 0);
        // SAFETY: as the caller says; a string key is not converted, which would confuse `lua_next`.
        unsafe {
            ffi::lua_pushnil(state);
            while ffi::lua_next(state, -2) != 0 {
                ffi::lua_pop(state, 1);
                let key = match ffi::lua_type(state, -1) {
                    ffi::LUA_TSTRING => {
                        let mut bytes = 0;
                        let start = ffi::lua_tolstring(state, -1, &raw mut bytes);
                        Key::name(slice::from_raw_parts(start.cast(), bytes))
                    }
                    ffi::LUA_TNUMBER if ffi::lua_isinteger(state, -1) != 0 => {
                        let number = ffi::lua_tointeger(state, -1);
                        in_sequence +=
                            usize::from(usize::try_from(number).is_ok_and(|key| (1..=length).contains(&key)));
                        Key::number(number)
                    }
                    kind => {
                        return self
                            .unfit(&format!("a table with a key that is a {}", type_name(state, kind)));
                    }
                };
                self.keys.push(key);
            }
        }
        // Whoever sorts wants as little as possible to sort: an array has nothing to be sorted.
        if in_sequence < length || self.keys.len() - first > length || length == 0 {
            // SAFETY: as the caller says.
            self.keys[first..].sort_unstable_by(|one, other| unsafe { one.text().cmp(other.text()) });
        }
        Some(in_sequence)
    }

    unsafe fn array(&mut self, state: *mut ffi::lua_State, length: usize) -> Option<()> {
        self.text.push('[');
        for place in 1..=length {
            if place > 1 {
                self.text.push(',');
            }
            let place = ffi::lua_Integer::try_from(place).ok()?;
            self.path.push(Key::number(place));
            // SAFETY: as the caller says.
            unsafe {
                ffi::lua_rawgeti(state, -1, place);
                self.value(state)?;
                ffi::lua_pop(state, 1);
            }
            self.path.pop();
        }
        self.text.push(']');
        Some(())
    }

    /// The object with the keys from `first` on.
    unsafe fn object(&mut self, state: *mut ffi::lua_State, first: usize) -> Option<()> {
        let end = self.keys.len();
        self.text.push('{');
        for place in first..end {
            let key = self.keys[place];
            // SAFETY: as the caller says; the table on the stack holds the key.
            unsafe {
                if place > first {
                    self.text.push(',');
                    if self.keys[place - 1].text() == key.text() {
                        return self.unfit("a table with a key that is both a number and a string");
                    }
                }
                self.string(key.text(), "a key")?;
                self.text.push(':');
                self.path.push(key);
                key.push(state);
                ffi::lua_rawget(state, -2);
                self.value(state)?;
                ffi::lua_pop(state, 1);
            }
            self.path.pop();
        }
        self.keys.truncate(first);
        self.text.push('}');
        Some(())
    }

    fn unfit<T>(&mut self, what: &str) -> Option<T> {
        let mut path = self.root.to_owned();
        for key in self.path.iter().take(7) {
            // SAFETY: all tables on the path are on the stack.
            unsafe { key.describe(&mut path) };
        }
        if self.path.len() > 7 {
            path.push('…');
        }
        self.fail(EncodeError::Unfit(format!("{path} is {what}, which JSON has not")))
    }

    fn fail<T>(&mut self, fault: EncodeError) -> Option<T> {
        self.fault = Some(fault);
        None
    }
}

/// Whether the table on the top of the stack has the marker as its metatable.
unsafe fn is_marked(state: *mut ffi::lua_State) -> bool {
    // SAFETY: as the caller says.
    unsafe {
        if ffi::lua_getmetatable(state, -1) == 0 {
            return false;
        }
        let is_marked = ffi::lua_rawequal(state, -1, 1) != 0;
        ffi::lua_pop(state, 1);
        is_marked
    }
}

unsafe fn type_name<'a>(state: *mut ffi::lua_State, kind: c_int) -> Cow<'a, str> {
    // SAFETY: Lua has a name for each of its types, for as long as it is there.
    unsafe { CStr::from_ptr(ffi::lua_typename(state, kind)) }.to_string_lossy()
}
