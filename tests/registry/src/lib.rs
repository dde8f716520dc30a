//! What clients may expect of a container registry (spec/registry.md §9), as named checks over HTTP against any server.
//!
//! [`run`] makes content, pushes it in every way the protocol has, reads, lists and deletes it, and says in a [`Report`] what
//! was not as it should be. It knows nothing of the server but its address: neither its types nor its parsers are used
//! here, so that an error in them cannot hide itself.

pub mod client;
pub mod content;
mod groups;
mod report;
mod repository;
mod target;

pub use report::{Check, Outcome, Report};
pub use repository::{Repository, Span};
pub use target::{Credentials, Target};

use client::Client;

/// Checks everything, group after group: about a thousand requests, each after the answer to the one before.
///
/// # Errors
/// When the address is none. A server that does not answer is a failed check.
pub async fn run(target: &Target) -> anyhow::Result<Report> {
    let client = Client::new(target)?;
    let mut report = Report::default();
    groups::run(target, &client, &mut report).await;
    Ok(report)
}
