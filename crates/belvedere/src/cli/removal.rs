//! Removing several things by their names.

use std::fmt::Display;
use std::io::{self, Write};

use anyhow::Result;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Answer, Output};

#[derive(Serialize)]
struct Removed<I> {
    removed: Vec<I>,
}

/// Removes one after the other and prints which; what could be removed is, whatever the others come to. `remove` says whether
/// there was one, `not_here` what is said if not.
pub(super) async fn remove_each<I: Display + Serialize>(
    ids: Vec<I>,
    output: Output,
    remove: impl AsyncFn(&I) -> Result<bool>,
    not_here: impl Fn(&I) -> Failure,
) -> Result<()> {
    let mut removed = Vec::new();
    let mut failed = None;
    for id in ids {
        match remove(&id).await {
            Ok(true) => removed.push(id),
            Ok(false) => _ = failed.get_or_insert_with(|| not_here(&id).into()),
            Err(error) => _ = failed.get_or_insert(error),
        }
    }
    output.print(&Removed { removed })?;
    failed.map_or(Ok(()), Err)
}

impl<I: Display + Serialize> Answer for Removed<I> {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        self.removed.iter().try_for_each(|id| writeln!(to, "removed {id}"))
    }
}
