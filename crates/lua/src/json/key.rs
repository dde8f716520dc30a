//! The key of a table, as the encoder keeps it.

#![expect(unsafe_code, reason = "the text of a key stays where Lua has it")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::slice;

use mlua::ffi;

/// Of a name in errors.
const SHOWN_BYTES: usize = 64;

/// The digits of any integer, and its sign.
const DIGITS: usize = 20;

/// A string that belongs to Lua, or an integer. It may be used for as long as the table with the key is there and unchanged.
#[derive(Clone, Copy)]
pub(super) enum Key {
    Name { start: *const u8, length: usize },
    Number { number: ffi::lua_Integer, text: [u8; DIGITS], length: usize },
}

impl Key {
    pub(super) fn name(text: &[u8]) -> Self {
        Self::Name { start: text.as_ptr(), length: text.len() }
    }

    pub(super) fn number(number: ffi::lua_Integer) -> Self {
        let mut text = [0; DIGITS];
        let mut rest = &mut text[..];
        // There is room for any integer.
        let _ = write!(rest, "{number}");
        let length = DIGITS - rest.len();
        Self::Number { number, text, length }
    }

    /// What the member of an object is called.
    ///
    /// # Safety
    /// The table is there.
    pub(super) unsafe fn text(&self) -> &[u8] {
        match self {
            // SAFETY: Lua does not move strings, and frees none that is a key.
            Self::Name { start, length } => unsafe { slice::from_raw_parts(*start, *length) },
            Self::Number { text, length, .. } => &text[..*length],
        }
    }

    /// Pushes the key.
    ///
    /// # Safety
    /// The table is there, there is room on the stack, and nothing has to be dropped if Lua raises an error.
    pub(super) unsafe fn push(&self, state: *mut ffi::lua_State) {
        // SAFETY: as the caller says.
        unsafe {
            match self {
                Self::Name { start, length } => {
                    ffi::lua_pushlstring(state, start.cast(), *length);
                }
                Self::Number { number, .. } => ffi::lua_pushinteger(state, *number),
            }
        }
    }

    /// Adds it to the path of a value in an error.
    ///
    /// # Safety
    /// The table is there.
    pub(super) unsafe fn describe(&self, path: &mut String) {
        // SAFETY: as the caller says.
        let text = String::from_utf8_lossy(unsafe { self.text() });
        let text = &text[..text.floor_char_boundary(SHOWN_BYTES)];
        // Writing to a string does not fail.
        let _ = match self {
            Self::Name { .. } => write!(path, ".{text}"),
            Self::Number { .. } => write!(path, "[{text}]"),
        };
    }
}
