//! The events of a Jetstream server of either version, believed because the operator chose it.

mod admit;
mod dialect;
mod session;

pub(super) use admit::Admission;
pub(super) use dialect::probe;
pub(super) use session::Session;
