//! What cannot be undone is asked about.

use std::io::{self, IsTerminal};

use anyhow::Result;

use crate::failure::Failure;

/// Asks whoever sits there; who does not, must have said so before: `help` says how. `undone` is what is said of a no.
pub(super) fn confirm(question: &str, undone: &str, help: &str) -> Result<()> {
    if !io::stdin().is_terminal() {
        return Err(Failure::new("nobody is there to be asked", help).into());
    }
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::new(undone, "answer y to do it").into())
}
