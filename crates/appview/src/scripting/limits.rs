//! What a script may use up, as operators say in the running server.

use std::time::Duration;

use accounts::Settings;
use lua::Limits;

/// The bounds of everything but jobs.
pub(crate) fn limits(settings: &Settings) -> Limits {
    let current = settings.current();
    Limits {
        instructions: Some(u64::from(current.script_instruction_limit)),
        time: Some(Duration::from_secs(u64::from(current.script_wall_clock_seconds))),
        ..Limits::default()
    }
}
