//! HappyView databases of either layout, on both engines, with good and bad rows in them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod hostile;
mod layouts;
mod opening;
mod rig;
