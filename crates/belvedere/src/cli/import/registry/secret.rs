//! A password in a file: on the command line others could see it.

use std::fs::File;
use std::io::{self, Read};

use anyhow::{Context, Result};

/// No password is as long; more need not be read.
const MAX_BYTES: u64 = 10_000;

/// Reads it, without the line break at its end; `-` is standard input.
pub(crate) fn read(file: &str) -> Result<String> {
    let mut text = String::new();
    let read = match file {
        "-" => io::stdin().take(MAX_BYTES).read_to_string(&mut text),
        _ => File::open(file).and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text)),
    };
    read.with_context(|| format!("reading the password from {file}"))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}
