//! The look at the meter every thousand instructions, which ends a run that is over.
//!
//! The hook that mlua offers cannot do it: to raise an error it clears the stack of the running function, which closes the
//! script's own variables (`<close>`, the fourth value of a `for`) while hooks are off, and closing them may take forever. This
//! one raises the error and leaves the rest to Lua, which turns the hooks on again before it closes anything.

#![expect(unsafe_code, reason = "a hook that only raises an error is not to be had otherwise")]

use std::rc::Rc;

use mlua::{Lua, ffi};

use crate::session::Session;

const INSTRUCTIONS_PER_LOOK: u16 = 1000;

/// Installs the hook, which finds the machine's [`Session`] in its application data. Coroutines inherit it.
pub(crate) fn install(lua: &Lua) -> mlua::Result<()> {
    // SAFETY: the state is that of a live machine, and setting a hook touches nothing but it.
    unsafe {
        lua.exec_raw((), |state| {
            ffi::lua_sethook(state, Some(look), ffi::LUA_MASKCOUNT, i32::from(INSTRUCTIONS_PER_LOOK));
        })
    }
}

unsafe extern "C-unwind" fn look(state: *mut ffi::lua_State, _: *mut ffi::lua_Debug) {
    // SAFETY: Lua calls its hook with a live state, which belongs to a machine of ours.
    if is_over(unsafe { Lua::get_or_init_from_ptr(state) }) {
        // SAFETY: as above; a hook may push a value and raise it. The jump out of here passes nothing that has to be dropped.
        unsafe {
            // From now on every instruction of this coroutine is an error.
            ffi::lua_sethook(state, Some(look), ffi::LUA_MASKCOUNT, 1);
            ffi::lua_pushboolean(state, 0);
            ffi::lua_error(state);
        }
    }
}

fn is_over(lua: &Lua) -> bool {
    lua.app_data_ref::<Rc<Session>>().is_none_or(|session| {
        session.meter.tick(u64::from(INSTRUCTIONS_PER_LOOK), lua.used_memory()).is_err()
    })
}
