//! The REST API of the microblog, served, on each engine.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]
#![expect(unused_must_use, reason = "often the status says all")]

mod elsewhere;
mod health;
mod keys;
mod leaving;
mod moderation;
mod moving;
mod pictures;
mod profiles;
mod relations;
mod rights;
mod signing_in;
mod site;
mod transfer;
