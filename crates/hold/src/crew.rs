//! Who belongs to a hold.

use atproto::Did;
use clock::now_micros;
use store::{Conn, Row, Value, v};

use crate::keys::{Collection, crew_key};
use crate::{Error, Hold, Permission, gone};

/// Somebody of the crew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrewMember {
    /// Who.
    pub member: Did,
    /// What people call it: `admin`, `write`, `member`.
    pub role: String,
    /// What they may do.
    pub permissions: Vec<Permission>,
    /// How much room they have, if it is not what everybody has.
    pub tier: Option<String>,
    /// Since when, in microseconds.
    pub added_at: i64,
}

impl CrewMember {
    /// Somebody who comes now.
    #[must_use]
    pub fn new(member: Did, role: impl Into<String>, permissions: Vec<Permission>) -> Self {
        Self { member, role: role.into(), permissions, tier: None, added_at: now_micros() }
    }

    /// Somebody who comes now and is called after what they may do: each permission once, the least first.
    #[must_use]
    pub fn granted(member: Did, mut permissions: Vec<Permission>) -> Self {
        permissions.sort_unstable();
        permissions.dedup();
        Self::new(member, Permission::role(&permissions), permissions)
    }

    /// Reads all columns, in their order.
    pub(crate) fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        let strange = |column, message| store::Error::Column { column, message };
        let member = Did::parse(row.text(0)?).map_err(|error| strange(0, error.to_string()))?;
        let names: Vec<String> =
            serde_json::from_str(row.text(2)?).map_err(|error| strange(2, error.to_string()))?;
        Ok(Self {
            member,
            role: row.string(1)?,
            permissions: names.iter().filter_map(|name| Permission::named(name)).collect(),
            tier: row.opt_text(3)?.map(str::to_owned),
            added_at: row.int(4)?,
        })
    }
}

impl Hold {
    /// Somebody of the crew.
    pub async fn member(&self, member: &Did) -> Result<Option<CrewMember>, Error> {
        let member = member.clone();
        let read = self.inner().state.read_brief(move |conn| {
            let sql = "SELECT member, role, permissions, tier, added_at FROM hold_crew WHERE member = $1";
            conn.query_opt(sql, &[v(member.as_str())], CrewMember::from_row)
        });
        Ok(read.await?)
    }

    /// The crew behind `after`, in the order of their DIDs.
    pub async fn crew(&self, after: Option<&Did>, limit: u32) -> Result<Vec<CrewMember>, Error> {
        let after = after.map(ToString::to_string).unwrap_or_default();
        let read = self.inner().state.read(move |conn| {
            let sql = "SELECT member, role, permissions, tier, added_at FROM hold_crew
                WHERE member > $1 ORDER BY member LIMIT $2";
            conn.query(sql, &[v(&after), v(limit)], CrewMember::from_row)
        });
        Ok(read.await?)
    }

    /// Takes somebody on, or changes what they may do.
    pub async fn take_on(&self, member: CrewMember) -> Result<(), Error> {
        let names: Vec<_> = member.permissions.iter().map(|permission| permission.name()).collect();
        let permissions = serde_json::json!(names).to_string();
        let written = self.inner().state.write(move |conn| {
            let sql = "INSERT INTO hold_crew (member, role, permissions, tier, added_at) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (member) DO UPDATE SET role = excluded.role, permissions = excluded.permissions,
                    tier = excluded.tier, version = hold_crew.version + 1";
            let CrewMember { member, role, tier, added_at, .. } = &member;
            let tier = tier.as_deref().map_or(Value::Null, v);
            conn.execute(sql, &[v(member.as_str()), v(role), v(&permissions), tier, v(*added_at)])
        });
        written.await?;
        Ok(())
    }

    /// Lets somebody go. Whether they were there.
    pub async fn let_go(&self, member: &Did) -> Result<bool, Error> {
        let member = member.clone();
        let written = self.inner().state.write(move |conn| remove(conn, &member));
        Ok(written.await? > 0)
    }

    /// Gives somebody of the crew another tier. Whether they are there.
    pub async fn set_tier(&self, member: &Did, tier: &str) -> Result<bool, Error> {
        let (member, tier) = (member.clone(), tier.to_owned());
        let written = self.inner().state.write(move |conn| {
            let sql = "UPDATE hold_crew SET tier = $2, version = version + 1 WHERE member = $1";
            conn.execute(sql, &[v(member.as_str()), v(&tier)])
        });
        Ok(written.await? > 0)
    }
}

/// How many were there: one or none.
pub(crate) fn remove(conn: &mut Conn<'_>, member: &Did) -> Result<u64, store::Error> {
    let removed = conn.execute("DELETE FROM hold_crew WHERE member = $1", &[v(member.as_str())])?;
    if removed > 0 {
        gone::note(conn, Collection::Crew, &[crew_key(member)])?;
    }
    Ok(removed)
}
