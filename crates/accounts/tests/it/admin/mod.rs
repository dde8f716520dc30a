//! The admin API over a served shell, on every engine (spec/appview.md §3.13, §4.3).

mod absent;
mod api_keys;
mod catalogue;
mod described;
mod domains;
mod events;
mod handles;
mod logo;
mod people;
mod races;
mod refusals;
mod settings;
mod users;
mod xrpc_proxy;
