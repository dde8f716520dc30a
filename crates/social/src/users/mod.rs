//! People, wherever they are at home.

mod create;
mod delete;
mod find;
mod instance;
mod intern;
mod keys;
mod list;
mod me;
mod pictures;
mod profile;
mod routes;
pub(crate) mod rules;
mod show;
pub(crate) mod view;

pub use create::{NewUser, create};
pub use delete::delete;
pub use find::{by_addresses, by_ap_id, by_handle, by_id, by_ids, by_name, by_uuid};
pub(crate) use instance::{ensure_instance, home};
pub use intern::{Profile, Reach, intern, remove};
pub use keys::{Keys, keys, put_keys};
pub use profile::{Changes, update};
pub(crate) use routes::routes;
pub(crate) use show::ActorView;
pub(crate) use view::{UserView, by_row, view, views};

use serde::{Deserialize, Serialize};
use store::Row;

use crate::{Error, Id};

/// What the server itself signs as. Its row has no credentials, and nobody sees or follows it.
pub const INSTANCE: &str = "00000000-0000-4000-8000-000000000000";

/// What somebody is told who writes or follows with an account that they have left.
pub(crate) const HAS_MOVED: &str = "this account has moved to another and neither writes nor follows; DELETE /social/federation/me/move brings it back";

/// What somebody calls themselves, as both engines compare it.
pub(crate) fn name_key(display_name: Option<&str>) -> Option<String> {
    display_name.map(str::to_lowercase)
}

/// Somebody, as far as others may know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of social_users, which the migration explains")]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
pub struct User {
    pub id: Id,
    pub uuid: String,
    pub did: Option<String>,
    pub username: String,
    pub host: Option<String>,
    pub kind: String,
    pub display_name: Option<String>,
    pub bio: Option<String>,
    pub avatar_url: Option<String>,
    pub header_url: Option<String>,
    pub custom_css: Option<String>,
    pub profile_fields: Vec<Field>,
    pub custom_moods: Vec<Field>,
    pub ap_id: Option<String>,
    pub url: Option<String>,
    pub also_known_as: Vec<String>,
    pub moved_to: Option<String>,
    pub approves_follows: bool,
    pub role: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub is_suspended: bool,
    pub is_silenced: bool,
    pub is_deleted: bool,
    pub counts: Counts,
}

/// A field of a profile, or a mood: its label and its emoji.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "names say it")]
pub struct Field {
    pub name: String,
    pub value: String,
}

/// How much there is of somebody: thoughts, and accepted follows in both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "names say it")]
pub struct Counts {
    pub thoughts: i64,
    pub followers: i64,
    pub following: i64,
}

impl User {
    /// What is selected of `social_users u JOIN social_user_counts c` for [`User::read`].
    pub(crate) const COLUMNS: &str = "u.id, u.uuid, u.did, u.username, u.host, u.kind, u.display_name, u.bio,
        u.avatar_url, u.header_url, u.custom_css, u.profile_fields, u.custom_moods, u.ap_id, u.url, u.also_known_as,
        u.moved_to, u.approves_follows, u.role, u.created_at, u.updated_at, u.suspended_at, u.silenced_at, u.deleted_at,
        c.thoughts, c.followers, c.following";

    /// Where that is selected from.
    pub(crate) const FROM: &str = "social_users u JOIN social_user_counts c ON c.user_id = u.id";

    pub(crate) fn read(row: &Row<'_>) -> Result<Self, Error> {
        let text = |column| Ok::<_, Error>(row.opt_text(column)?.map(str::to_owned));
        Ok(Self {
            id: Id(row.int(0)?),
            uuid: row.string(1)?,
            did: text(2)?,
            username: row.string(3)?,
            host: text(4)?,
            kind: row.string(5)?,
            display_name: text(6)?,
            bio: text(7)?,
            avatar_url: text(8)?,
            header_url: text(9)?,
            custom_css: text(10)?,
            profile_fields: serde_json::from_str(row.text(11)?)?,
            custom_moods: serde_json::from_str(row.text(12)?)?,
            ap_id: text(13)?,
            url: text(14)?,
            also_known_as: serde_json::from_str(row.text(15)?)?,
            moved_to: text(16)?,
            approves_follows: row.bool(17)?,
            role: row.string(18)?,
            created_at: row.int(19)?,
            updated_at: row.int(20)?,
            is_suspended: row.opt_int(21)?.is_some(),
            is_silenced: row.opt_int(22)?.is_some(),
            is_deleted: row.opt_int(23)?.is_some(),
            counts: Counts { thoughts: row.int(24)?, followers: row.int(25)?, following: row.int(26)? },
        })
    }

    /// Whether others may come across them: they are neither gone nor taken off, nor the server itself.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !self.is_deleted && !self.is_suspended && self.uuid != INSTANCE
    }

    /// Whether they are at home here.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.host.is_none()
    }

    /// `name`, or `name@host` of those elsewhere.
    #[must_use]
    pub fn handle(&self) -> String {
        match &self.host {
            Some(host) => format!("{}@{host}", self.username),
            None => self.username.clone(),
        }
    }
}
