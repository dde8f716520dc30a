//! Devices that came from another registry, until they are first used here.

use atproto::Did;
use store::{Conn, v};

use super::secret::Shown;
use super::{Device, Devices};
use crate::auth::Error;

/// Devices of one account whose slow hashes are tried for one login.
const MAX_TRIED: i64 = 20;

impl Devices {
    /// Whether an account has devices with slow hashes.
    pub(in crate::auth) async fn has_imported(&self, did: &Did) -> Result<bool, Error> {
        let did = did.clone();
        Ok(!self.state.read_brief(move |conn| imported(conn, &did, 1)).await?.is_empty())
    }

    /// The device of an account that has this secret; from now on its hash is a quick one.
    pub(in crate::auth) async fn adopt(&self, did: &Did, secret: &str) -> Result<Option<Device>, Error> {
        let Some(Shown { id: None, hash }) = Shown::read(secret) else { return Ok(None) };
        let owner = did.clone();
        let devices = self.state.read(move |conn| imported(conn, &owner, MAX_TRIED)).await?;
        let secret = secret.to_owned();
        let place = self.slow.acquire().await.map_err(|error| Error::Asked(error.into()))?;
        let is_of = move |device: &Device| bcrypt::verify(&secret, &device.secret_hash).unwrap_or(false);
        let found = tokio::task::spawn_blocking(move || devices.into_iter().find(is_of)).await;
        drop(place);
        let Some(device) = found.map_err(|error| Error::Asked(error.into()))? else { return Ok(None) };
        let (id, slow) = (device.id.clone(), device.secret_hash.clone());
        let sql = "UPDATE registry_devices SET secret_hash = $3 WHERE id = $1 AND secret_hash = $2";
        self.state.write(move |conn| conn.execute(sql, &[v(&id), v(&slow), v(&hash)])).await?;
        Ok(Some(device))
    }
}

fn imported(conn: &mut Conn<'_>, did: &Did, limit: i64) -> Result<Vec<Device>, store::Error> {
    let sql = format!(
        "SELECT {} FROM registry_devices WHERE did = $1 AND secret_hash LIKE '$2%' AND revoked_at IS NULL
         ORDER BY created_at DESC, id DESC LIMIT $2",
        Device::COLUMNS
    );
    let found = conn.query(&sql, &[v(did.as_str()), v(limit)], Device::read)?;
    Ok(found.into_iter().flatten().collect())
}
