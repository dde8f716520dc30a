//! Instance settings.

use crate::EncryptionKey;
use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan =
    Plan { order: &[Order::By("key")], ..Plan::new("instance_settings", &["key", "value"]) };

/// A setting that somebody gave a value, or that the server keeps for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub key: String,
    /// Its value as text.
    pub value: String,
}

impl Setting {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        Ok(Self { key: row.text("key")?, value: row.text("value")? })
    }
}
