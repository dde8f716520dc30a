//! The events of a Jetstream server, believed because the operator chose it.

mod admit;
mod session;

pub(super) use admit::Admission;
pub(super) use session::Session;
