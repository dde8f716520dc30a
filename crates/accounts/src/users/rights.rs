//! What a user may do now.

use std::{collections::BTreeSet, sync::Arc};

use atproto::Did;
use server::{Permission, PermissionSet};
use store::{Conn, v};

use super::Users;
use crate::{
    Error,
    permissions::{PERMISSIONS, permission},
};

/// The rights of a user in person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// The row id.
    pub user_id: Arc<str>,
    /// The super user may do everything.
    pub is_super: bool,
    /// What they may do: everything, for the super user.
    pub permissions: PermissionSet,
}

impl Users {
    /// The rights of the user with this DID; `None` if there is none. A change is seen at once on this instance and
    /// within seconds on others.
    pub async fn rights(&self, did: &Did) -> Result<Option<Rights>, Error> {
        let did = did.as_str().to_owned();
        if let Some(rights) = self.rights.get(&did) {
            return Ok(rights);
        }
        let began = self.rights.begin();
        let of = did.clone();
        let rights = self.state.read(move |conn| rights_in(conn, "did", &of)).await?;
        self.rights.keep(did, rights.clone(), began);
        Ok(rights)
    }
}

/// The rights of the user whose `column` has this value. One statement, so that it sees the user and the permissions at
/// the same moment.
pub(super) fn rights_in(
    conn: &mut Conn<'_>,
    column: &'static str,
    value: &str,
) -> Result<Option<Rights>, Error> {
    let sql = format!(
        "SELECT u.id, u.is_super, p.permission FROM users u \
         LEFT JOIN user_permissions p ON p.user_id = u.id WHERE u.{column} = $1"
    );
    let mut user: Option<(Arc<str>, bool)> = None;
    let mut held: BTreeSet<Permission> = BTreeSet::new();
    conn.for_each(&sql, &[v(value)], |row| {
        user = Some((row.text(0)?.into(), row.bool(1)?));
        held.extend(row.opt_text(2)?.and_then(permission));
        Ok::<(), Error>(())
    })?;
    Ok(user.map(|(user_id, is_super)| {
        let permissions = if is_super {
            PERMISSIONS.iter().map(|info| info.permission).collect()
        } else {
            held.into_iter().collect()
        };
        Rights { user_id, is_super, permissions }
    }))
}
