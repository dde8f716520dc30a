//! What people take along, and what they bring: Mastodon's tables of accounts, everything as lines of JSON, and feeds for readers.

mod accounts;
mod csv;
mod export;
mod import;
mod routes;
mod rss;

pub(crate) use routes::routes;
