//! API clients over HTTP, as apps and operators use them (spec/appview.md §3.2, §3.3, §3.6, §3.7, §7.2–7.4).

mod admin;
mod app;
mod children;
mod credentials;
mod delegation;
mod identify;
mod proofs;
mod provision;
mod real;
mod register;
mod sessions;
pub(crate) mod site;
