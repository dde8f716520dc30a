//! What the microblog works with, checked.

use std::path::PathBuf;

use super::error::Error;
use super::values::Values;
use super::{read, table};

/// The fields are described in the table.
#[derive(Debug)]
pub(crate) struct Social {
    pub(crate) name: Option<String>,
    pub(crate) description: String,
    pub(crate) registration: bool,
    pub(crate) max_characters: usize,
    pub(crate) approve_follows: bool,
    pub(crate) upload_max_bytes: usize,
    pub(crate) dir: Option<PathBuf>,
}

impl Social {
    pub(super) fn new(values: &Values) -> Result<Self, Error> {
        Ok(Self {
            name: values.optional(&table::SOCIAL_NAME, read::name)?,
            description: values.value(&table::SOCIAL_DESCRIPTION, read::description)?,
            registration: values.value(&table::SOCIAL_REGISTRATION, read::switch)?,
            max_characters: values.value(&table::SOCIAL_MAX_CHARACTERS, read::characters)?,
            approve_follows: values.value(&table::SOCIAL_APPROVE_FOLLOWS, read::manual_or_auto)?,
            upload_max_bytes: values.value(&table::SOCIAL_UPLOAD_MAX_BYTES, read::upload_bytes)?,
            dir: values.optional(&table::SOCIAL_DIR, read::folder)?,
        })
    }
}
