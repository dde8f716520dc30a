//! `dev.happyview.delegation.*` (spec/appview.md §3.7).

mod accounts;
mod delegates;
mod link;

pub(super) use accounts::{account, accounts};
pub(super) use delegates::{add, delegates, remove};
pub(super) use link::{link, unlink};

use serde::Serialize;

/// Done.
#[derive(Serialize)]
pub(crate) struct Done {}
