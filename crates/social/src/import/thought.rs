//! Thoughts.

use accounts::imported::Item;
use accounts::{Imported, Vault};
use activitypub::text::{sanitize, to_plain};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::{Conn, v};

use super::item::{Trouble, user};
use super::value::Moment;
use crate::{Error, Id, Visibility, counts};

#[derive(Deserialize)]
pub(super) struct Thought {
    id: String,
    user_id: String,
    content: String,
    in_reply_to_id: Option<String>,
    in_reply_to_url: Option<String>,
    ap_id: Option<String>,
    visibility: String,
    content_warning: Option<String>,
    sensitive: bool,
    local: bool,
    note_extensions: Option<Box<RawValue>>,
    mood: Option<String>,
    created_at: Moment,
    updated_at: Option<Moment>,
}

/// The thought that something replies to.
struct Parent {
    id: i64,
    thread_id: i64,
}

impl Item for Thought {
    type Context = Vault;
    type Error = Error;

    fn name(&self) -> String {
        self.id.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Vault) -> Result<Imported, Trouble> {
        let visibility = Visibility::named(&self.visibility)
            .ok_or_else(|| Trouble::refused(format!("there is no visibility {:?}", self.visibility)))?;
        if !self.local && self.ap_id.is_none() {
            return Err(Trouble::refused("it came from elsewhere and has no address"));
        }
        let author = user(conn, &self.user_id)?;
        let sql = "SELECT id FROM social_thoughts WHERE uuid = $1";
        if conn.query_opt(sql, &[v(&self.id)], |row| row.int(0))?.is_some() {
            return Ok(Imported::Kept);
        }
        let parent = self.parent(conn)?;
        let id = self.insert(conn, author, visibility, parent.as_ref())?;
        counts::thought_added(conn, id, author, parent.map(|parent| parent.id), visibility)?;
        Ok(Imported::Added)
    }
}

impl Thought {
    fn parent(&self, conn: &mut Conn<'_>) -> Result<Option<Parent>, Trouble> {
        let Some(uuid) = &self.in_reply_to_id else { return Ok(None) };
        let sql = "SELECT id, thread_id FROM social_thoughts WHERE uuid = $1";
        let found = conn.query_opt(sql, &[v(uuid)], |row| {
            Ok::<_, store::Error>(Parent { id: row.int(0)?, thread_id: row.int(1)? })
        });
        Ok(found?)
    }

    fn insert(
        &self,
        conn: &mut Conn<'_>,
        author: i64,
        visibility: Visibility,
        parent: Option<&Parent>,
    ) -> Result<i64, Trouble> {
        let id = Id::at(self.created_at.0);
        let (content, search_text) = if self.local {
            (self.content.clone(), self.content.to_lowercase())
        } else {
            let html = sanitize(&self.content);
            let text = to_plain(&html).to_lowercase();
            (html, text)
        };
        conn.execute(
            "INSERT INTO social_thoughts (id, uuid, user_id, content, search_text, thread_id, in_reply_to_id,
                 in_reply_to_url, ap_id, visibility, content_warning, sensitive, local, note_extensions, mood, created_at,
                 updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            &[
                id.into(),
                v(&self.id),
                v(author),
                v(&content),
                v(&search_text),
                v(parent.map_or(id.0, |parent| parent.thread_id)),
                v(parent.map(|parent| parent.id)),
                v(self.in_reply_to_url.as_deref()),
                v(self.ap_id.as_deref().filter(|_| !self.local)),
                v(visibility.name()),
                v(self.content_warning.as_deref()),
                v(i64::from(self.sensitive)),
                v(i64::from(self.local)),
                v(self.note_extensions.as_ref().map(|json| json.get())),
                v(self.mood.as_deref()),
                v(self.created_at.0),
                v(self.updated_at.map(|at| at.0)),
            ],
        )?;
        Ok(id.0)
    }
}
