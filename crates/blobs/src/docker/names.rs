//! The folders in a folder.

use std::fs::{self, ReadDir};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{LayoutError, Odd};

/// One after the other, with their names. What is no folder, or has no name that is text, is an error, and the rest follows.
pub(super) struct Names {
    path: PathBuf,
    state: State,
}

enum State {
    New,
    Open(ReadDir),
    Over,
}

impl Names {
    pub(super) fn of(path: PathBuf) -> Self {
        Self { path, state: State::New }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Whether that is one of those folders: no link to one.
pub(super) fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

impl Iterator for Names {
    type Item = Result<String, LayoutError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let State::New = self.state {
            match fs::read_dir(&self.path) {
                Ok(read) => self.state = State::Open(read),
                Err(error) => {
                    self.state = State::Over;
                    let is_missing = error.kind() == ErrorKind::NotFound;
                    return (!is_missing).then(|| Err(LayoutError::io(&self.path)(error)));
                }
            }
        }
        let State::Open(read) = &mut self.state else { return None };
        match read.next()? {
            // Listing the rest of a folder that fails would fail for ever.
            Err(error) => {
                self.state = State::Over;
                Some(Err(LayoutError::io(&self.path)(error)))
            }
            Ok(entry) => {
                let path = entry.path();
                Some(match (entry.file_type(), entry.file_name().into_string()) {
                    (Ok(kind), Ok(name)) if kind.is_dir() => Ok(name),
                    (Ok(kind), Err(_)) if kind.is_dir() => Err(LayoutError::odd(&path, Odd::Name)),
                    (Ok(_), _) => Err(LayoutError::odd(&path, Odd::Kind)),
                    (Err(error), _) => Err(LayoutError::io(&path)(error)),
                })
            }
        }
    }
}
