//! Hosts that the instance has nothing to do with.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::Place;
use super::item::{Trouble, added};
use super::value::Moment;
use crate::{Error, relations};

#[derive(Deserialize)]
pub(super) struct BlockedDomain {
    domain: String,
    reason: Option<String>,
    blocked_at: Moment,
}

impl Item for BlockedDomain {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        self.domain.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, place: &Place) -> Result<Imported, Trouble> {
        let domain = relations::domain(&place.addresses, &self.domain);
        let domain = domain.map_err(|error| Trouble::refused(error.to_string()))?;
        let rows = conn.execute(
            "INSERT INTO social_domains (domain, rule, reason, created_at) VALUES ($1, 'suspend', $2, $3)
             ON CONFLICT DO NOTHING",
            &[v(&domain), v(self.reason.as_deref()), v(self.blocked_at.0)],
        )?;
        Ok(added(rows))
    }
}
