//! People who sign in here, with a handle and a password (spec/registry.md §5.9).

mod manage;

pub use manage::{LocalAccount, LocalAccounts};
