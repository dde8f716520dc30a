//! A password that nobody else reads: not from an argument, which others could see.

use std::io::{self, IsTerminal, Read};

use anyhow::{Context, Result};
use clap::Args;
use console::Term;

use crate::failure::Failure;

/// No password is as long; more need not be read.
const MAX_BYTES: u64 = 10_000;

/// Where it comes from.
#[derive(Args, Debug)]
pub(super) struct Secret {
    /// Take the password from standard input, without the line break at its end, instead of asking for it
    #[arg(long)]
    password_stdin: bool,
}

impl Secret {
    /// Reads it, or asks whoever sits there, twice.
    pub(super) fn read(&self) -> Result<String> {
        if self.password_stdin {
            let mut password = String::new();
            io::stdin().take(MAX_BYTES).read_to_string(&mut password).context("reading the password")?;
            let password = password.strip_suffix('\n').unwrap_or(&password);
            return Ok(password.strip_suffix('\r').unwrap_or(password).to_owned());
        }
        if !io::stdin().is_terminal() {
            let help = "give it on standard input, with --password-stdin";
            return Err(Failure::new("nobody is there to be asked for a password", help).into());
        }
        let password = ask("Password: ")?;
        if ask("Again: ")? == password {
            return Ok(password);
        }
        Err(Failure::new("these are two passwords", "nothing was changed; try again").into())
    }
}

/// What is typed is not shown.
fn ask(prompt: &str) -> Result<String> {
    let terminal = Term::stderr();
    terminal.write_str(prompt)?;
    terminal.read_secure_line().context("reading the password")
}
