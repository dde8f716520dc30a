//! Whose secret is it?

use aws_lc_rs::constant_time::verify_slices_are_equal;
use clock::micros;
use std::time::Duration;
use store::{Conn, v};

use super::secret::Shown;
use super::{Device, Devices};
use crate::auth::Error;

/// Uses closer together than this are one use.
const USE: Duration = Duration::from_mins(1);

impl Devices {
    /// The device with this secret, if there is one and nobody has revoked it.
    pub(in crate::auth) async fn by_secret(&self, secret: &str) -> Result<Option<Device>, Error> {
        let Some(shown) = Shown::read(secret) else { return Ok(None) };
        let by = shown.clone();
        let found = self.state.read_brief(move |conn| find(conn, &by)).await?;
        let is_equal = |device: &Device| {
            verify_slices_are_equal(device.secret_hash.as_bytes(), shown.hash.as_bytes()).is_ok()
        };
        let Some(device) = found.filter(is_equal) else { return Ok(None) };
        self.note_use(&device);
        Ok(Some(device))
    }

    /// The device with this id, if nobody has revoked it: for whoever has shown something else that names it.
    pub(in crate::auth) async fn by_id(&self, id: &str) -> Result<Option<Device>, Error> {
        let by = Shown { id: Some(id.to_owned()), hash: String::new() };
        let device = self.state.read_brief(move |conn| find(conn, &by)).await?;
        if let Some(device) = &device {
            self.note_use(device);
        }
        Ok(device)
    }

    /// Writes down, some time soon, that it was used.
    fn note_use(&self, device: &Device) {
        let (now, id) = (clock::now_micros(), device.id.clone());
        if device.last_used_at.is_some_and(|at| now - at < micros(USE)) {
            return;
        }
        let state = self.state.clone();
        tokio::spawn(async move {
            // Of many uses at the same moment one is written.
            let sql = "UPDATE registry_devices SET last_used_at = $2
                       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)";
            let params = (id, now, now - micros(USE));
            let noted = state.write(move |conn| conn.execute(sql, &[v(&params.0), v(params.1), v(params.2)]));
            if let Err(error) = noted.await {
                tracing::debug!(%error, "the use of a device was not noted");
            }
        });
    }
}

fn find(conn: &mut Conn<'_>, shown: &Shown) -> Result<Option<Device>, store::Error> {
    let column = if shown.id.is_some() { "id" } else { "secret_hash" };
    let sql = format!(
        "SELECT {} FROM registry_devices WHERE {column} = $1 AND revoked_at IS NULL",
        Device::COLUMNS
    );
    let key = shown.id.as_ref().unwrap_or(&shown.hash);
    Ok(conn.query_opt(&sql, &[v(key)], Device::read)?.flatten())
}
