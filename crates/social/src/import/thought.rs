//! Thoughts.

use std::borrow::Cow;

use accounts::Imported;
use accounts::imported::Item;
use activitypub::text::{sanitize, to_plain};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::{Conn, v};

use super::Place;
use super::item::{Trouble, user};
use super::value::Moment;
use crate::address::Addresses;
use crate::thoughts::{link_children, put_mention, put_mentions};
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
    author: i64,
    handle: String,
    address: String,
}

impl Item for Thought {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        self.id.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, place: &Place) -> Result<Imported, Trouble> {
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
        let parent = self.parent(conn, &place.addresses)?;
        let id = self.insert(conn, &place.addresses, author, visibility, parent.as_ref())?;
        counts::thought_added(conn, id, author, parent.as_ref().map(|parent| parent.id), visibility)?;
        let thread = parent.as_ref().map_or(id, |parent| parent.thread_id);
        self.mentions(conn, &place.addresses, id, author, parent)?;
        self.answers(conn, &place.addresses, id, author, thread)?;
        Ok(Imported::Added)
    }
}

impl Thought {
    fn parent(&self, conn: &mut Conn<'_>, addresses: &Addresses) -> Result<Option<Parent>, Trouble> {
        let Some(uuid) = &self.in_reply_to_id else { return Ok(None) };
        let sql = "SELECT t.id, t.thread_id, t.user_id, u.handle_key, t.ap_id FROM social_thoughts t
                   JOIN social_users u ON u.id = t.user_id WHERE t.uuid = $1";
        let found = conn.query_opt(sql, &[v(uuid)], |row| {
            let (id, thread_id, author) = (row.int(0)?, row.int(1)?, row.int(2)?);
            let address = row.opt_text(4)?.map_or_else(|| addresses.thought(uuid), str::to_owned);
            Ok::<_, store::Error>(Parent { id, thread_id, author, handle: row.string(3)?, address })
        });
        Ok(found?)
    }

    /// Who is mentioned is in the text alone there, and may see it.
    fn mentions(
        &self,
        conn: &mut Conn<'_>,
        addresses: &Addresses,
        id: i64,
        author: i64,
        parent: Option<Parent>,
    ) -> Result<(), Trouble> {
        let text = if self.local { Cow::Borrowed(&*self.content) } else { to_plain(&self.content).into() };
        put_mentions(conn, addresses, Id(id), Id(author), &text)?;
        if let Some(parent) = parent.filter(|parent| parent.author != author) {
            put_mention(conn, Id(id), &parent.handle, Some(Id(parent.author)))?;
        }
        Ok(())
    }

    /// Whatever answers it and came before it, whose author may see the answer.
    fn answers(
        &self,
        conn: &mut Conn<'_>,
        addresses: &Addresses,
        id: i64,
        author: i64,
        thread: i64,
    ) -> Result<(), Trouble> {
        let address = self.ap_id.as_deref().filter(|_| !self.local).map(str::to_owned);
        let address = address.unwrap_or_else(|| addresses.thought(&self.id));
        link_children(conn, Id(id), Id(thread), &address)?;
        conn.execute(
            "INSERT INTO social_thought_mentions (thought_id, name, user_id, private)
             SELECT t.id, u.handle_key, u.id, CASE t.visibility WHEN 'private' THEN 1 ELSE 0 END
             FROM social_thoughts t JOIN social_users u ON u.id = $2
             WHERE t.in_reply_to_id = $1 AND t.user_id <> $2 ON CONFLICT DO NOTHING",
            &[v(id), v(author)],
        )?;
        Ok(())
    }

    fn insert(
        &self,
        conn: &mut Conn<'_>,
        addresses: &Addresses,
        author: i64,
        visibility: Visibility,
        parent: Option<&Parent>,
    ) -> Result<i64, Trouble> {
        let (content, search_text) = if self.local {
            (self.content.clone(), self.content.to_lowercase())
        } else {
            let html = sanitize(&self.content);
            let text = to_plain(&html).to_lowercase();
            (html, text)
        };
        // What it answers may come later, and is found by its address then.
        let answered = self.in_reply_to_id.as_deref().map(|uuid| addresses.thought(uuid));
        let answered =
            self.in_reply_to_url.clone().or(parent.map(|parent| parent.address.clone()).or(answered));
        let sql =
            "INSERT INTO social_thoughts (id, uuid, user_id, content, search_text, thread_id, in_reply_to_id,
                 in_reply_to_url, ap_id, visibility, content_warning, sensitive, local, note_extensions, mood, created_at,
                 updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             ON CONFLICT DO NOTHING";
        let made = Id::insert(conn, "social_thoughts", self.created_at.0, |conn, id| {
            let params = [
                id.into(),
                v(&self.id),
                v(author),
                v(&content),
                v(&search_text),
                v(parent.map_or(id.0, |parent| parent.thread_id)),
                v(parent.map(|parent| parent.id)),
                v(answered.as_deref()),
                v(self.ap_id.as_deref().filter(|_| !self.local)),
                v(visibility.name()),
                v(self.content_warning.as_deref()),
                v(i64::from(self.sensitive)),
                v(i64::from(self.local)),
                v(self.note_extensions.as_ref().map(|json| json.get())),
                v(self.mood.as_deref()),
                v(self.created_at.0),
                v(self.updated_at.map(|at| at.0)),
            ];
            conn.execute(sql, &params)
        })?;
        Ok(made.ok_or_else(|| Trouble::refused("another thought has its address here"))?.0)
    }
}
