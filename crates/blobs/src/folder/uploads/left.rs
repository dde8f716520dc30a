//! What an earlier process left.

use std::fs;
use std::path::Path;

use oci::{Algorithm, UploadId};

use super::progress::Progress;
use crate::StorageError;
use crate::turns::{Slot, Table};

/// The uploads of a folder. What else is in it is left alone. One that is not in the table is unknown: whoever guesses costs no
/// look at the disk.
pub(in crate::folder) fn left(dir: &Path) -> Result<Table<Progress>, StorageError> {
    let table = Table::default();
    for file in fs::read_dir(dir).map_err(StorageError::at("list", dir))? {
        let name = file.map_err(StorageError::at("list", dir))?.file_name();
        if let Some(id) = name.to_str().and_then(|name| UploadId::parse(name).ok()) {
            table.insert(id, Slot::new(Algorithm::Sha256, None));
        }
    }
    Ok(table)
}
