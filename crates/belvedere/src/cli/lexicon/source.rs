//! Where a lexicon to be added comes from.

use std::fmt;
use std::fs::File;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use atproto::Nsid;
use atproto::lexicon::MAX_BYTES;

use crate::failure::Failure;

/// Folders below each other; deeper ones are a mistake or a loop of links.
const MAX_DEPTH: u32 = 16;

/// One lexicon, not yet read.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A JSON file.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// Published in the network.
    Network(Nsid),
}

impl Source {
    /// What an argument of the command line means: `-`, a file, a folder of `.json` files or an NSID.
    pub(super) fn of(argument: &str) -> Result<Vec<Self>> {
        let path = Path::new(argument);
        if argument == "-" {
            Ok(vec![Self::Stdin])
        } else if path.is_dir() {
            let mut files = Vec::new();
            collect(path, 0, &mut files)?;
            Ok(files)
        } else if path.exists() {
            Ok(vec![Self::File(path.to_owned())])
        } else if let Some(nsid) = Nsid::parse(argument).ok().filter(|_| !looks_like_file(path)) {
            Ok(vec![Self::Network(nsid)])
        } else {
            Err(Failure::new(
                format!("{argument} is neither a file or folder nor an NSID"),
                "name a JSON file, a folder of them, - for standard input, or an NSID such as xyz.statusphere.status",
            )
            .into())
        }
    }

    /// Reads a file or standard input; the text is checked by whoever takes it.
    pub(super) fn read(&self) -> Result<String> {
        match self {
            Self::File(path) => bounded(File::open(path)?),
            _ => bounded(stdin().lock()),
        }
    }
}

/// A name that may be an NSID, too, but hardly is meant as one: `com.example.json`.
fn looks_like_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

fn bounded(from: impl Read) -> Result<String> {
    let mut text = String::new();
    // One byte more than may be, so that a document that is too long is told from one that fits exactly.
    from.take(MAX_BYTES as u64 + 1).read_to_string(&mut text)?;
    Ok(text)
}

/// The `.json` files of a folder and those below it, sorted.
fn collect(dir: &Path, depth: u32, files: &mut Vec<Source>) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Failure::new(
            format!("{} is nested too deeply", dir.display()),
            "name a folder further down",
        )
        .into());
    }
    let entries = std::fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, depth + 1, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(Source::File(path));
        }
    }
    Ok(())
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("standard input"),
            Self::Network(nsid) => nsid.fmt(f),
        }
    }
}
