//! Lua machines that run other people's scripts within bounds.
//!
//! An [`Engine`] compiles a script into a [`Program`] and runs it any number of times. A run sees JSON in its globals, a
//! standard library, and the functions of a [`Host`]; what its `handle` returns comes back as JSON. It can do nothing
//! else, and it ends: each of [`Limits`] stops it, whatever it does to go on. It leaves nothing behind either: machines are
//! used again, and every run begins with an environment of its own.
//!
//! What Lua itself cannot be stopped in is replaced, partly in Rust and partly in Lua (`src/prelude`):
//!
//! - A hook counts instructions and looks at the clock. Its error could be caught, so whatever catches errors (`pcall`,
//!   `xpcall`, coroutines) asks first whether the run is over.
//! - Finalisers run with hooks off: `setmetatable` refuses `__gc`. So does a coroutine that is closed after an error:
//!   its body runs inside a `pcall`, which leaves nothing to be closed.
//! - A pattern can take exponential time inside one instruction: `src/pattern` is our own matcher, and counts its steps.
//! - Functions that loop in C over as many elements as a table claims to have are written in Lua, or pay beforehand.
//!
//! A script has a stack of its own, which is set aside while it waits for a host function, so that these can be called from
//! anywhere: a coroutine, a metamethod, the argument of a sort. It is set aside as well when it has kept its thread for a
//! while. The time of the host and of others is not the time of the script.

mod engine;
mod error;
mod fiber;
mod global;
mod held;
mod hook;
mod host;
mod json;
mod limits;
mod machine;
mod meter;
mod natives;
mod outbound;
mod pattern;
mod pool;
mod prelude;
mod program;
mod run;
mod session;
mod telemetry;
mod tids;

pub use engine::{Engine, EngineConfig};
pub use error::{Failure, ScriptError};
pub use global::Global;
pub use held::Held;
pub use host::{Host, HostError};
pub use limits::{Limit, Limits};
pub use program::Program;
pub use run::{Observed, Outcome, Returned, Run, Stats};
