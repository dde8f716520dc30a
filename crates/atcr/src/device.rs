//! Programs that somebody approved.

use crate::rows::Cells;
use crate::{Error, Source, Table, Unreadable};

/// A device as it is in the table `devices`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// What it is known by.
    pub id: String,
    /// Whom it acts for.
    pub did: String,
    /// What they were called.
    pub handle: String,
    /// What they call it.
    pub name: String,
    /// bcrypt of its secret.
    pub secret_hash: String,
    /// Where it was when it asked.
    pub ip_address: String,
    /// What it said it was.
    pub user_agent: String,
    /// In microseconds.
    pub created_at: Option<i64>,
    /// In microseconds.
    pub last_used_at: Option<i64>,
}

const COLUMNS: [&str; 9] =
    ["id", "did", "secret_hash", "handle", "name", "ip_address", "user_agent", "created_at", "last_used"];

impl Source {
    /// Reads all devices.
    pub fn devices(&self, take: impl FnMut(Result<Device, Unreadable>)) -> Result<(), Error> {
        self.rows(Table::Devices, &COLUMNS, read, take)
    }
}

fn read(cells: &Cells<'_>) -> Result<Device, Unreadable> {
    let id = cells.text(0, "id").ok().flatten();
    let name = id.clone().unwrap_or_else(|| "a device without an id".to_owned());
    let device = || {
        let needed = |column, what| cells.text(column, what)?.ok_or_else(|| format!("it has no {what}"));
        let optional = |column, what| Ok::<_, String>(cells.text(column, what)?.unwrap_or_default());
        Ok(Device {
            id: needed(0, "id")?,
            did: needed(1, "DID")?,
            secret_hash: needed(2, "hash")?,
            handle: optional(3, "handle")?,
            name: optional(4, "name")?,
            ip_address: optional(5, "address")?,
            user_agent: optional(6, "user agent")?,
            created_at: cells.moment(7),
            last_used_at: cells.moment(8),
        })
    };
    device().map_err(|problem| Unreadable { name, problem })
}
