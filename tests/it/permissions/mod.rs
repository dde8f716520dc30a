//! Who may call what: every route of the server with every kind of key, and what becomes of rights that are taken away
//! (spec/appview.md §4).

mod matrix;
mod rights;
pub(crate) mod routes;
