//! The master secret in the data folder.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use aws_lc_rs::rand;
use data_encoding::HEXLOWER;
use uuid::Uuid;

use crate::Error;

const NAME: &str = "master.key";
const BYTES: usize = 32;

/// Nobody but the owner may read or write it.
const MODE: u32 = 0o600;

/// Whether there is a file, whatever is in it.
pub(super) fn is_there(data_dir: &Path) -> bool {
    data_dir.join(NAME).exists()
}

/// The secret in the file; nothing if there is no file.
pub(super) fn read(data_dir: &Path) -> Result<Option<Vec<u8>>, Error> {
    let path = data_dir.join(NAME);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(&path, &error)),
    };
    let mode = fs::metadata(&path).map_err(|error| wrong(&path, &error))?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let problem = format!("others may read it (mode {mode:o}); `chmod 600` it");
        return Err(wrong(&path, &problem));
    }
    match HEXLOWER.decode(text.trim_end().as_bytes()) {
        Ok(secret) if secret.len() == BYTES => Ok(Some(secret)),
        _ => Err(wrong(&path, &"it is not 64 hex digits; restore it from a backup")),
    }
}

/// The secret in the file, which is made if there is none.
pub(super) fn read_or_create(data_dir: &Path) -> Result<Vec<u8>, Error> {
    if let Some(secret) = read(data_dir)? {
        return Ok(secret);
    }
    create(data_dir)?;
    // Read rather than returned: of two processes that both made one, the file has the one that counts.
    read(data_dir)?.ok_or_else(|| wrong(&data_dir.join(NAME), &"it vanished as soon as it was made"))
}

/// Writes the file whole or not at all, and never over one that is there.
fn create(data_dir: &Path) -> Result<(), Error> {
    let path = data_dir.join(NAME);
    let fail = |error: std::io::Error| wrong(&path, &error);
    let mut secret = [0; BYTES];
    rand::fill(&mut secret).map_err(|_| Error::Randomness)?;
    fs::create_dir_all(data_dir).map_err(fail)?;
    let draft = data_dir.join(format!("{NAME}.{}", Uuid::new_v4()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(&draft).map_err(fail)?;
    let written = writeln!(file, "{}", HEXLOWER.encode(&secret)).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&draft, &path));
    fs::remove_file(&draft).map_err(fail)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(fail(error)),
        // The name must survive a power loss, too.
        _ => fs::File::open(data_dir).and_then(|dir| dir.sync_all()).map_err(fail),
    }
}

fn wrong(path: &Path, problem: &dyn std::fmt::Display) -> Error {
    Error::MasterSecret(format!("{}: {problem}", path.display()))
}
