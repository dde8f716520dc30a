//! The devices of an account, as they are shown to it.

use atproto::Did;
use serde::Serialize;
use store::v;

use super::Devices;
use crate::auth::Error;
use crate::auth::moment::rfc3339;

/// A device, without what makes it one.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceView {
    /// The row id.
    pub id: String,
    /// What it called itself.
    pub name: String,
    /// From where it asked to be approved.
    pub ip_address: String,
    /// What program asked.
    pub user_agent: String,
    /// When it was approved (RFC 3339).
    pub created_at: String,
    /// When it was last used, to the minute.
    pub last_used: Option<String>,
}

impl Devices {
    /// Newest first.
    pub(in crate::auth) async fn list(&self, did: &Did) -> Result<Vec<DeviceView>, Error> {
        let did = did.clone();
        let listed = self.state.read(move |conn| {
            conn.query(
                "SELECT id, name, ip_address, user_agent, created_at, last_used_at FROM registry_devices
                 WHERE did = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC",
                &[v(did.as_str())],
                |row| {
                    Ok::<_, Error>(DeviceView {
                        id: row.string(0)?,
                        name: row.string(1)?,
                        ip_address: row.string(2)?,
                        user_agent: row.string(3)?,
                        created_at: moment(row.int(4)?),
                        last_used: row.opt_int(5)?.map(moment),
                    })
                },
            )
        });
        listed.await
    }
}

fn moment(micros: i64) -> String {
    rfc3339(micros / 1_000_000)
}
