//! The standard library as far as it is written in Lua.

use mlua::chunk::ChunkMode;
use mlua::{Function, Lua, Table};

/// In the order in which they need each other. Each gets the native functions and the table it adds to.
const PARTS: [(&str, &str); 7] = [
    ("=base", include_str!("base.lua")),
    ("=strings", include_str!("strings.lua")),
    ("=tables", include_str!("tables.lua")),
    ("=host", include_str!("host.lua")),
    ("=record", include_str!("record.lua")),
    ("=globals", include_str!("globals.lua")),
    ("=begin", include_str!("begin.lua")),
];

/// The compiled parts, for all machines of an engine.
pub(crate) struct Parts(Vec<Vec<u8>>);

impl Parts {
    /// Without line numbers: a script's error is at a line of the script, or at none.
    pub(crate) fn compile() -> Self {
        let lua = Lua::new();
        let compiled = PARTS.iter().map(|(name, source)| {
            #[expect(clippy::expect_used, reason = "the prelude is part of this crate")]
            let function =
                lua.load(*source).set_name(*name).set_mode(ChunkMode::Text).into_function().expect("Lua");
            function.dump(true)
        });
        Self(compiled.collect())
    }

    /// The function that makes the environment of a run.
    pub(crate) fn load(&self, lua: &Lua, natives: &Table) -> mlua::Result<Function> {
        let kit = lua.create_table()?;
        for part in &self.0 {
            lua.load(part.as_slice()).set_mode(ChunkMode::Binary).call::<()>((natives, &kit))?;
        }
        kit.raw_get("begin")
    }
}
