//! The program that is measured, as its users have it: the release binary, its command line and its ports.

mod command;
mod lexicons;
mod server;

pub use command::Belvedere;
pub use lexicons::QUERY;
pub use server::{Network, Server};
