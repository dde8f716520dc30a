//! Tokens: what a client shows with every request and with every socket (spec/sync.md §1.2).
//!
//! `bv1.ID.SECRET`. The id names the row, so a token can be listed and revoked; only a hash of the whole is kept. Clients
//! print the first thirty characters, which is why the secret begins after them.

mod authenticator;
mod imported;
mod list;
mod mint;
mod revoke;
mod routes;
mod verify;

pub(crate) use authenticator::TokenAuthenticator;
pub(crate) use mint::{Origin, mint};
pub(crate) use revoke::revoke_all;
pub(crate) use routes::routes;
pub(crate) use verify::{Identity, Tokens};
