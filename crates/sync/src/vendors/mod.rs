//! Tokens of model vendors, kept sealed for the account's own clients, and beside them that of GitHub, which no client is
//! given (spec/sync.md §2.10).

mod routes;
mod token;

pub(crate) use routes::routes;
pub(crate) use token::{GITHUB, all, import, put_sealed, remove, seal};
