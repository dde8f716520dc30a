//! Clients of the sync app: accounts, sockets, and many of both at once.

mod account;
mod listener;
mod poster;
mod ride;
mod storm;
mod wire;

pub use account::{credentials, log_in};
pub use ride::{Down, ride_out};
pub use storm::{Outcome, Plan, Storm};
pub use wire::{Refusal, Wire};
