//! Tokens of model vendors, kept sealed for the account's own clients (spec/sync.md §2.10).

mod routes;
mod token;

pub(crate) use routes::routes;
pub(crate) use token::{all, import};
