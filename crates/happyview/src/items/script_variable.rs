//! What scripts are told.

use std::fmt;

use time::OffsetDateTime;

use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};
use crate::{Closed, EncryptionKey};

pub(crate) const PLAN: Plan = Plan {
    order: &[Order::By("key")],
    ..Plan::new("script_variables", &["key", "value", "created_at", "updated_at"])
};

/// A variable.
#[derive(Clone, PartialEq, Eq)]
pub struct ScriptVariable {
    /// Its name.
    pub key: String,
    /// What it holds. Most versions keep it as it is, some encrypted.
    pub value: Result<String, Closed>,
    /// When it was first set.
    pub created_at: Option<OffsetDateTime>,
    /// When it was last set.
    pub updated_at: Option<OffsetDateTime>,
}

impl ScriptVariable {
    pub(crate) fn read(row: &Row, key: Option<&EncryptionKey>) -> Result<Self, Problem> {
        let opened = row.secret("value", key).ok_or_else(|| Problem("its value is empty".to_owned()))?;
        let value = match opened {
            Ok(opened) => Ok(String::from_utf8(opened.0)
                .map_err(|_| Problem("its value holds text that is not UTF-8".to_owned()))?),
            Err(closed) if row.is_bytes("value") => Err(closed),
            // What nothing opens and is text was never closed: the tag of a value that was would have told.
            Err(_) => Ok(row.text("value")?),
        };
        Ok(Self {
            key: row.text("key")?,
            value,
            created_at: row.moment("created_at"),
            updated_at: row.moment("updated_at"),
        })
    }
}

impl fmt::Debug for ScriptVariable {
    // Written by hand so that no log ever shows the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptVariable").field("key", &self.key).finish_non_exhaustive()
    }
}
