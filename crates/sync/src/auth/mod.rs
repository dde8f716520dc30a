//! Becoming somebody: by a key, or by somebody else's word (spec/sync.md §1).

mod challenge;
mod login;
mod pair;
mod pairing;
mod routes;

pub(crate) use pairing::prune as prune_pairings;
pub(crate) use routes::routes;
