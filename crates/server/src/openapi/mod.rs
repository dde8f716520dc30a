//! The OpenAPI document of the HTTP interface, made of the route table.
//!
//! There is no second list of routes: a [`Route`](crate::Route) carries a `Contract` with the types that go in and come
//! out, and `document` turns method, path, access, summary and contract into an operation. What the shell itself answers,
//! such as 401 and 413, is added from what it checks.

mod contract;
mod document;
mod operation;
mod paths;
mod problems;
mod schemas;
mod security;
mod serve;

pub(crate) use contract::Contract;
pub(crate) use document::document;
pub(crate) use serve::mounts;
