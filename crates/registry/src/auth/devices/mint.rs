//! A new device.

use atproto::Did;
use store::{Conn, v};

use super::secret::{Shown, generate};
use super::{Device, Devices};
use crate::auth::Error;

/// Devices that an account may have; those used longest ago give way.
const MAX_DEVICES: i64 = 100;

/// What is known of a device before it is one.
#[derive(Clone, Debug)]
pub(in crate::auth) struct NewDevice {
    pub(in crate::auth) did: Did,
    pub(in crate::auth) handle: String,
    pub(in crate::auth) name: String,
    pub(in crate::auth) ip_address: String,
    pub(in crate::auth) user_agent: String,
}

impl Devices {
    /// Lets a device in; its row and its secret, which nobody will see again.
    pub(in crate::auth) async fn mint(&self, new: NewDevice) -> Result<(Device, String), Error> {
        let (id, secret) = generate();
        let hash = Shown::read(&secret).map(|shown| shown.hash).unwrap_or_default();
        let device = Device {
            id,
            did: new.did.clone(),
            handle: new.handle.clone(),
            secret_hash: hash,
            last_used_at: None,
        };
        let row = device.clone();
        let crowded_out = self.state.write(move |conn| insert(conn, &row, &new)).await?;
        self.revoked.add(&crowded_out);
        Ok((device, secret))
    }
}

/// The ids of devices that gave way.
fn insert(conn: &mut Conn<'_>, device: &Device, new: &NewDevice) -> Result<Vec<String>, store::Error> {
    let now = clock::now_micros();
    conn.execute(
        "INSERT INTO registry_devices (id, did, handle, name, secret_hash, ip_address, user_agent, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            v(&device.id),
            v(device.did.as_str()),
            v(&new.handle),
            v(&new.name),
            v(&device.secret_hash),
            v(&new.ip_address),
            v(&new.user_agent),
            v(now),
        ],
    )?;
    conn.query(
        "UPDATE registry_devices SET revoked_at = $2 WHERE id IN (
             SELECT id FROM registry_devices WHERE did = $1 AND revoked_at IS NULL
             ORDER BY COALESCE(last_used_at, created_at) DESC, id DESC LIMIT 1000000 OFFSET $3
         ) RETURNING id",
        &[v(device.did.as_str()), v(now), v(MAX_DEVICES)],
        |row| row.string(0),
    )
}
