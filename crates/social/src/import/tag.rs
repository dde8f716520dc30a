//! Which thoughts have which tags.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::Place;
use super::item::{Trouble, added, thought};
use crate::{Error, Id};

/// A thought and the name of a tag of it.
#[derive(Deserialize)]
pub(super) struct ThoughtTag {
    thought_id: String,
    name: String,
}

impl Item for ThoughtTag {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        format!("#{} of {}", self.name, self.thought_id)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let name = self.name.to_lowercase();
        if name.is_empty() || name.chars().count() > 50 {
            return Err(Trouble::refused("it has no name of at most 50 characters"));
        }
        let thought = thought(conn, &self.thought_id)?;
        let sql = "INSERT INTO social_tags (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        Id::insert(conn, "social_tags", clock::now_micros(), |conn, id| {
            conn.execute(sql, &[id.into(), v(&name)])
        })?;
        let rows = conn.execute(
            "INSERT INTO social_thought_tags (tag_id, thought_id)
             SELECT g.id, t.id FROM social_tags g, social_thoughts t
             WHERE g.name = $1 AND t.id = $2 AND t.visibility = 'public' ON CONFLICT DO NOTHING",
            &[v(&name), v(thought)],
        )?;
        Ok(added(rows))
    }
}
