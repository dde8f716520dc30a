//! Keys and values: written many at a time, all or none (spec/sync.md §2.6).

mod count;
mod mutate;
mod read;
mod routes;

pub(crate) use count::add_keys;
pub(crate) use routes::routes;
