//! The programs that clients are.

mod classes;
mod meters;
mod name;

pub(crate) use classes::Clients;
pub(crate) use meters::SocketMeters;
pub(crate) use name::{claimed_name, client_name};
