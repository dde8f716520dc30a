//! Attachments: sealed files that messages of a session point at (spec/sync.md §2.13). Nobody but the account reads them.

mod place;
mod routes;
mod stored;

pub(crate) use routes::routes;
pub(crate) use stored::put_imported;
