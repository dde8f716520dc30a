//! The microblog through Mastodon's client API, as clients use it (docs/mastodon-api.md).

#![expect(clippy::expect_used, reason = "a test fails by panicking, its helpers too")]
#![expect(unused_must_use, reason = "often the status says all")]

mod clients;
mod consent;
mod flow;
mod instance;
mod page;
mod refusals;
mod streams;
