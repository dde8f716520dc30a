//! A device that is let in no more.

use atproto::Did;
use store::v;

use super::Devices;
use crate::auth::Error;

impl Devices {
    /// Revokes a device of an account, with every token that it got: on this instance at once, on others within seconds.
    /// Whether the account had such a device.
    pub(in crate::auth) async fn revoke(&self, did: &Did, id: &str) -> Result<bool, Error> {
        if id.contains('\0') {
            return Ok(false);
        }
        let (owner, device) = (did.clone(), id.to_owned());
        let sql =
            "UPDATE registry_devices SET revoked_at = $3 WHERE id = $1 AND did = $2 AND revoked_at IS NULL";
        let revoked = self
            .state
            .write(move |conn| conn.execute(sql, &[v(&device), v(owner.as_str()), v(clock::now_micros())]));
        let was_there = revoked.await? > 0;
        if was_there {
            self.revoked.add(&[id.to_owned()]);
        }
        Ok(was_there)
    }
}
