//! JSON text to Lua values.
//!
//! Values are pushed straight onto the stack of the machine, in one protected call for the whole text: going through a handle
//! for each of them takes several times as long, and this is most of what a script costs.

#![expect(unsafe_code, reason = "values without handles are not to be had otherwise")]

use std::ffi::c_int;
use std::ptr;

use mlua::{Lua, Table, Value, ffi};
use serde_json::value::RawValue;

use super::MAX_DEPTH;

/// Fields for which a new object has room. Most records have about as many.
const FIELDS: c_int = 4;

/// The value of a text that a script has. The inner error says why it is not JSON.
pub(crate) fn decode(lua: &Lua, marker: &Table, text: &[u8]) -> mlua::Result<Result<Value, String>> {
    match serde_json::from_slice::<&RawValue>(text) {
        Ok(json) => decode_json(lua, marker, json),
        Err(error) => Ok(Err(format!("invalid JSON: {error}"))),
    }
}

/// The value of JSON: arrays get the metatable `marker`, `null` is [`Value::NULL`], whole numbers are integers where they fit.
/// The inner error says what has no value.
pub(crate) fn decode_json(lua: &Lua, marker: &Table, json: &RawValue) -> mlua::Result<Result<Value, String>> {
    let mut text = Text { bytes: json.get().as_bytes(), at: 0, unescaped: Vec::new(), fault: None };
    // SAFETY: what is pushed is one value, after which the marker is taken away. An error of Lua jumps out of here, past
    // functions that have nothing to be dropped: all that has is in `text`.
    let value: Value = unsafe {
        lua.exec_raw(marker, |state| {
            let slots = c_int::try_from(MAX_DEPTH * 2 + 8).unwrap_or(c_int::MAX);
            ffi::luaL_checkstack(state, slots, ptr::null());
            if text.value(state, 0).is_none() {
                ffi::lua_settop(state, 1);
                ffi::lua_pushnil(state);
            }
            ffi::lua_remove(state, 1);
        })
    }?;
    Ok(match text.fault {
        None => Ok(value),
        Some(Fault::Depth) => Err(format!("invalid JSON: more than {MAX_DEPTH} levels")),
        Some(Fault::Number) => Err(format!("invalid JSON: number out of range at byte {}", text.at)),
        Some(Fault::Text) => Err(format!("invalid JSON: half a character in a string at byte {}", text.at)),
    })
}

/// Why JSON has no value.
#[derive(Clone, Copy)]
enum Fault {
    /// It is nested more deeply than [`MAX_DEPTH`].
    Depth,
    /// A number that is larger than any that there is.
    Number,
    /// One surrogate of a pair without the other.
    Text,
}

/// A text that is JSON, and how far it has been read.
struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The string that is being read, if it has escapes.
    unescaped: Vec<u8>,
    fault: Option<Fault>,
}

impl Text<'_> {
    /// Pushes the next value. Nothing if there is a fault.
    ///
    /// # Safety
    /// As of [`decode_json`]: the marker is at the bottom of the stack, and there is room for two values more at each depth.
    unsafe fn value(&mut self, state: *mut ffi::lua_State, depth: usize) -> Option<()> {
        // SAFETY: as the caller says.
        unsafe {
            match self.next()? {
                b'"' => self.string(state)?,
                b'{' => self.object(state, depth)?,
                b'[' => self.array(state, depth)?,
                b't' => {
                    self.at += 4;
                    ffi::lua_pushboolean(state, 1);
                }
                b'f' => {
                    self.at += 5;
                    ffi::lua_pushboolean(state, 0);
                }
                b'n' => {
                    self.at += 4;
                    ffi::lua_pushlightuserdata(state, ptr::null_mut());
                }
                _ => self.number(state)?,
            }
        }
        Some(())
    }

    unsafe fn object(&mut self, state: *mut ffi::lua_State, depth: usize) -> Option<()> {
        self.enter(depth)?;
        // SAFETY: as the caller says.
        unsafe {
            ffi::lua_createtable(state, 0, FIELDS);
            while self.next()? != b'}' {
                self.string(state)?;
                // The colon.
                self.next()?;
                self.at += 1;
                self.value(state, depth + 1)?;
                ffi::lua_rawset(state, -3);
                self.comma()?;
            }
        }
        self.at += 1;
        Some(())
    }

    unsafe fn array(&mut self, state: *mut ffi::lua_State, depth: usize) -> Option<()> {
        self.enter(depth)?;
        // SAFETY: as the caller says.
        unsafe {
            ffi::lua_createtable(state, 0, 0);
            let mut place = 1;
            while self.next()? != b']' {
                self.value(state, depth + 1)?;
                ffi::lua_rawseti(state, -2, place);
                place += 1;
                self.comma()?;
            }
            ffi::lua_pushvalue(state, 1);
            ffi::lua_setmetatable(state, -2);
        }
        self.at += 1;
        Some(())
    }

    /// Pushes a string; what is next is its quotation mark.
    unsafe fn string(&mut self, state: *mut ffi::lua_State) -> Option<()> {
        self.at += 1;
        let start = self.at;
        let plain = self.plain()?;
        let text = if plain == b'"' {
            &self.bytes[start..self.at]
        } else {
            self.unescaped.clear();
            self.unescaped.extend_from_slice(&self.bytes[start..self.at]);
            while self.bytes.get(self.at).copied()? == b'\\' {
                self.escape()?;
                let start = self.at;
                self.plain()?;
                self.unescaped.extend_from_slice(&self.bytes[start..self.at]);
            }
            &self.unescaped
        };
        // SAFETY: as the caller says; Lua copies the text.
        unsafe { ffi::lua_pushlstring(state, text.as_ptr().cast(), text.len()) };
        self.at += 1;
        Some(())
    }

    /// Goes on to the next quotation mark or backslash; which it is.
    fn plain(&mut self) -> Option<u8> {
        let found = memchr::memchr2(b'"', b'\\', self.bytes.get(self.at..)?)?;
        self.at += found;
        self.bytes.get(self.at).copied()
    }

    /// One escape; what is next is its backslash.
    fn escape(&mut self) -> Option<()> {
        let kind = self.bytes.get(self.at + 1).copied()?;
        self.at += 2;
        let byte = match kind {
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => return self.character(),
            other => other,
        };
        self.unescaped.push(byte);
        Some(())
    }

    /// A character by its number, of two parts if it is beyond the basic plane; what is next is the first digit.
    fn character(&mut self) -> Option<()> {
        let first = self.hexadecimal()?;
        let number = if (0xD800..0xDC00).contains(&first) {
            if self.bytes.get(self.at..self.at + 2) != Some(br"\u") {
                return self.fail(Fault::Text);
            }
            self.at += 2;
            let second = self.hexadecimal()?;
            match second.checked_sub(0xDC00).filter(|low| *low < 0x400) {
                Some(low) => 0x1_0000 + ((first - 0xD800) << 10) + low,
                None => return self.fail(Fault::Text),
            }
        } else {
            first
        };
        let Some(character) = char::from_u32(number) else { return self.fail(Fault::Text) };
        self.unescaped.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        Some(())
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let digits = std::str::from_utf8(self.bytes.get(self.at..self.at + 4)?).ok()?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    unsafe fn number(&mut self, state: *mut ffi::lua_State) -> Option<()> {
        let rest = self.bytes.get(self.at..)?;
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        let digits = std::str::from_utf8(&rest[..length]).ok()?;
        // The only zero with a sign is a fraction.
        let whole = if digits == "-0" { None } else { digits.parse().ok() };
        // SAFETY: as the caller says.
        unsafe {
            if let Some(whole) = whole {
                ffi::lua_pushinteger(state, whole);
            } else {
                match digits.parse::<f64>() {
                    Ok(number) if number.is_finite() => ffi::lua_pushnumber(state, number),
                    _ => return self.fail(Fault::Number),
                }
            }
        }
        self.at += length;
        Some(())
    }

    /// The next byte that is not white space.
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at).copied()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Goes past a comma, if there is one.
    fn comma(&mut self) -> Option<()> {
        if self.next()? == b',' {
            self.at += 1;
        }
        Some(())
    }

    fn enter(&mut self, depth: usize) -> Option<()> {
        if depth == MAX_DEPTH {
            return self.fail(Fault::Depth);
        }
        self.at += 1;
        Some(())
    }

    fn fail(&mut self, fault: Fault) -> Option<()> {
        self.fault = Some(fault);
        None
    }
}
