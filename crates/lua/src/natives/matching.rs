//! The functions of strings that take a pattern.

use std::rc::Rc;

use mlua::{Lua, LuaString, MultiValue, Table, Value, Variadic};

use super::answer;
use crate::pattern::{self, Capture, Match, PatternError};
use crate::session::Session;

pub(super) fn add(lua: &Lua, natives: &Table, session: &Rc<Session>) -> mlua::Result<()> {
    let meter = Rc::clone(session);
    let find = move |lua: &Lua, (source, pattern, init, plain): (LuaString, LuaString, i64, bool)| {
        let (source, pattern) = (source.as_bytes(), pattern.as_bytes());
        let from = offset(init, source.len());
        if plain || pattern::is_plain(&pattern) {
            return match pattern::find_plain(&source, &pattern, from, &meter.meter)? {
                Some(at) => answer(lua, Ok((at + 1, at + pattern.len()))),
                None => answer(lua, Ok(Value::Nil)),
            };
        }
        respond(lua, search(&source, &pattern, from, &meter), |found| {
            let mut values = bounds(found);
            push_captures(lua, &mut values, found, &source)?;
            Ok(values)
        })
    };
    natives.raw_set("find", lua.create_function(find)?)?;

    let meter = Rc::clone(session);
    let first = move |lua: &Lua, (source, pattern, init): (LuaString, LuaString, i64)| {
        let (source, pattern) = (source.as_bytes(), pattern.as_bytes());
        respond(lua, search(&source, &pattern, offset(init, source.len()), &meter), |found| {
            captures_or_whole(lua, MultiValue::new(), found, &source)
        })
    };
    natives.raw_set("match", lua.create_function(first)?)?;

    let meter = Rc::clone(session);
    let step = move |lua: &Lua, args: (LuaString, LuaString, i64, Option<usize>, bool)| {
        let (source, pattern, init, not_ending, anchored) = args;
        let (source, pattern) = (source.as_bytes(), pattern.as_bytes());
        let from = offset(init, source.len());
        let found = pattern::find(&source, &pattern, from, not_ending, anchored, &meter.meter);
        respond(lua, found, |found| captures_or_whole(lua, bounds(found), found, &source))
    };
    natives.raw_set("step", lua.create_function(step)?)?;

    let expand =
        |lua: &Lua, (template, whole, captures): (LuaString, LuaString, Variadic<Value>)| match expand(
            lua,
            &template.as_bytes(),
            &whole.as_bytes(),
            &captures,
        )? {
            Ok(expanded) => answer(lua, Ok(lua.create_string(expanded)?)),
            Err(message) => answer::<()>(lua, Err(message)),
        };
    natives.raw_set("expand", lua.create_function(expand)?)
}

/// Looks for a pattern with or without its leading `^`.
fn search(
    source: &[u8],
    pattern: &[u8],
    from: usize,
    session: &Session,
) -> Result<Option<Match>, PatternError> {
    match pattern.strip_prefix(b"^") {
        Some(pattern) => pattern::find(source, pattern, from, None, true, &session.meter),
        None => pattern::find(source, pattern, from, None, false, &session.meter),
    }
}

/// The prelude passes positions from 1 up to one after the end.
fn offset(position: i64, length: usize) -> usize {
    usize::try_from(position - 1).unwrap_or(0).min(length)
}

fn respond(
    lua: &Lua,
    found: Result<Option<Match>, PatternError>,
    values: impl FnOnce(&Match) -> mlua::Result<MultiValue>,
) -> mlua::Result<MultiValue> {
    match found {
        Ok(Some(found)) => values(&found),
        Ok(None) => answer(lua, Ok(Value::Nil)),
        Err(PatternError::Malformed(message)) => answer::<()>(lua, Err(message)),
        Err(PatternError::Over(over)) => Err(over.into()),
    }
}

fn bounds(found: &Match) -> MultiValue {
    [found.start + 1, found.end].map(position).into_iter().collect()
}

fn position(at: usize) -> Value {
    Value::Integer(i64::try_from(at).unwrap_or(i64::MAX))
}

fn push_captures(lua: &Lua, values: &mut MultiValue, found: &Match, source: &[u8]) -> mlua::Result<()> {
    for capture in &found.captures {
        values.push_back(match *capture {
            Capture::Text(start, end) => Value::String(lua.create_string(&source[start..end])?),
            Capture::Position(at) => position(at + 1),
        });
    }
    Ok(())
}

fn captures_or_whole(
    lua: &Lua,
    mut values: MultiValue,
    found: &Match,
    source: &[u8],
) -> mlua::Result<MultiValue> {
    if found.captures.is_empty() {
        values.push_back(Value::String(lua.create_string(&source[found.start..found.end])?));
    } else {
        push_captures(lua, &mut values, found, source)?;
    }
    Ok(values)
}

/// A replacement text with `%0` to `%9` and `%%` filled in.
fn expand(
    lua: &Lua,
    template: &[u8],
    whole: &[u8],
    captures: &[Value],
) -> mlua::Result<Result<Vec<u8>, String>> {
    let mut expanded = Vec::with_capacity(template.len());
    let mut bytes = template.iter();
    while let Some(&byte) = bytes.next() {
        if byte != b'%' {
            expanded.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'%') => expanded.push(b'%'),
            Some(b'0') => expanded.extend_from_slice(whole),
            Some(digit @ b'1'..=b'9') => match captures.get(usize::from(digit - b'1')) {
                Some(capture) => {
                    let text = lua.coerce_string(capture.clone())?;
                    expanded.extend_from_slice(
                        text.as_ref().map(LuaString::as_bytes).as_deref().unwrap_or_default(),
                    );
                }
                None => {
                    let digit = char::from(*digit);
                    return Ok(Err(format!("invalid capture index %{digit}")));
                }
            },
            _ => return Ok(Err("invalid use of '%' in replacement string".to_owned())),
        }
    }
    Ok(Ok(expanded))
}
