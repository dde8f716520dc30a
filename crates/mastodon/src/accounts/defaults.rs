//! What somebody's clients begin with, kept as JSON in their row.

use serde::{Deserialize, Serialize};
use social::Id;
use store::{Conn, Database, v};

use crate::refusal::Refusal;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Defaults {
    /// Mastodon's name of a visibility.
    pub(crate) privacy: String,
    pub(crate) sensitive: bool,
    pub(crate) language: Option<String>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { privacy: "public".into(), sensitive: false, language: None }
    }
}

impl Defaults {
    pub(crate) async fn of(state: &Database, user: Id) -> Result<Self, Refusal> {
        Ok(state.read_brief(move |conn| Self::read(conn, user)).await?)
    }

    pub(crate) fn read(conn: &mut Conn<'_>, user: Id) -> Result<Self, store::Error> {
        let sql = "SELECT settings FROM social_users WHERE id = $1";
        let text = conn.query_opt(sql, &[v(user)], |row| row.string(0))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    pub(super) fn write(&self, conn: &mut Conn<'_>, user: Id) -> Result<(), social::Error> {
        let text = serde_json::to_string(self)?;
        conn.execute("UPDATE social_users SET settings = $2 WHERE id = $1", &[v(user), v(&text)])?;
        Ok(())
    }
}
