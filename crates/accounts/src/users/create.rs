//! Adding a user.

use std::collections::BTreeSet;

use atproto::Did;
use events::{Event, kinds};
use serde_json::json;
use server::Permission;
use store::v;
use uuid::Uuid;

use super::{Actor, User, Users};
use crate::{Error, clock::now_micros, operator, permissions, templates};

/// Somebody to add, with the union of a template's permissions and single ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// Who.
    pub did: Did,
    /// A template's wire name, e.g. `viewer`.
    pub template: Option<String>,
    /// Wire names.
    pub permissions: Vec<String>,
}

impl NewUser {
    fn granted(&self) -> Result<Vec<Permission>, Error> {
        let mut granted: BTreeSet<_> = permissions::parse(&self.permissions)?.into_iter().collect();
        if let Some(key) = &self.template {
            let template = templates().into_iter().find(|template| template.key == key);
            let template = template.ok_or_else(|| Error::UnknownTemplate(key.clone()))?;
            granted.extend(template.permissions);
        }
        Ok(granted.into_iter().collect())
    }
}

impl Users {
    /// Adds a user with permissions that `actor` holds.
    pub async fn create(&self, actor: &Actor, new: NewUser) -> Result<User, Error> {
        let granted = new.granted()?;
        let (acting, did, id, now) =
            (actor.clone(), new.did.clone(), Uuid::now_v7().to_string(), now_micros());
        let user = self
            .state
            .write(move |conn| {
                let acting = acting.acting(conn)?;
                acting.check_grant(&granted)?;
                let inserted = conn.execute(
                    "INSERT INTO users (id, did, is_super, created_at) VALUES ($1, $2, 0, $3) \
                     ON CONFLICT (did) DO NOTHING",
                    &[v(&id), v(did.as_str()), v(now)],
                )?;
                if inserted == 0 {
                    return Err(Error::UserExists(did.to_string()));
                }
                operator::grant(conn, &id, &granted, acting.user_id.as_deref(), now)?;
                User::get(conn, &id)
            })
            .await?;
        self.changes.note();
        self.events.record(
            Event::new(kinds::USER_CREATED)
                .actor(actor.did())
                .subject(new.did.as_str())
                .detail(json!({ "template": new.template, "permissions": names(&user.permissions) })),
        );
        Ok(user)
    }
}

pub(super) fn names(permissions: &[Permission]) -> Vec<&'static str> {
    permissions.iter().map(|permission| permission.name()).collect()
}
