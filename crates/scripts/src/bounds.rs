//! What one server keeps at most. All of it lives in memory, too.

/// Scripts.
pub(crate) const MAX_SCRIPTS: i64 = 2_000;

/// Bytes of all scripts together.
pub(crate) const MAX_SCRIPT_BYTES: i64 = 32 << 20;

/// Characters of a description.
pub(crate) const MAX_DESCRIPTION: usize = 300;

/// Script variables.
pub(crate) const MAX_VARIABLES: i64 = 500;

/// Bytes of the value of one.
pub(crate) const MAX_VALUE_BYTES: usize = 64_000;

/// Bytes of its key.
pub(crate) const MAX_KEY_BYTES: usize = 128;
