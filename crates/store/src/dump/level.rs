//! Which of a schema's migrations a dump has seen.

use std::collections::BTreeMap;

use super::{DumpError, Header};
use crate::{Schema, Tier};

/// How many migrations of each schema, by its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Levels(BTreeMap<String, usize>);

impl Levels {
    /// Refuses a dump with tables that this program cannot make.
    pub(super) fn of(header: &Header, schemas: &[&'static Schema]) -> Result<Self, DumpError> {
        let mut levels = BTreeMap::new();
        for applied in &header.applied {
            let level = levels.entry(applied.schema.clone()).or_insert(0);
            let schema =
                schemas.iter().find(|schema| schema.tier == Tier::State && schema.name == applied.schema);
            match schema.and_then(|schema| schema.migrations.get(*level)) {
                Some(known) if known.id == applied.id && known.name == applied.name => *level += 1,
                Some(_) => return Err(DumpError::diverged(&header.program, applied)),
                None => return Err(DumpError::newer(&header.program, applied)),
            }
        }
        Ok(Self(levels))
    }

    /// Of a schema that is newer than the dump: none.
    pub(super) fn get(&self, schema: &Schema) -> usize {
        self.0.get(schema.name).copied().unwrap_or_default()
    }
}
