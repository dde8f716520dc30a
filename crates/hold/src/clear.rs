//! Everything of an owner, let go at once.

use atproto::Did;
use store::{Conn, v};

use crate::keys::{Collection, stats_key};
use crate::{Error, HeldLayer, Hold, crew, gone};

/// What there was of an owner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleared {
    /// Whether they were of the crew.
    pub was_crew: bool,
    /// Blobs that their images needed, for each image.
    pub layers: usize,
    /// Repositories that were counted for.
    pub stats: usize,
}

impl Hold {
    /// Releases all images of `owner`, lets them go from the crew and forgets what was counted: for an account that is deleted. What
    /// only they needed is garbage from now on.
    pub async fn clear(&self, owner: &Did) -> Result<Cleared, Error> {
        let owner = owner.clone();
        Ok(self.inner().state.write(move |conn| clear(conn, &owner)).await?)
    }
}

fn clear(conn: &mut Conn<'_>, owner: &Did) -> Result<Cleared, store::Error> {
    let (layers, stats) = let_go(conn, owner)?;
    let was_crew = crew::remove(conn, owner)? > 0;
    Ok(Cleared { was_crew, layers, stats })
}

/// Removes the rows of an owner, whose records go with them: how many layers and how many counts.
pub(crate) fn let_go(conn: &mut Conn<'_>, owner: &Did) -> Result<(usize, usize), store::Error> {
    let of_owner = [v(owner.as_str())];
    // First, as where images come: what waits for each other waits here.
    conn.execute("DELETE FROM hold_usage WHERE owner_did = $1", &of_owner)?;
    let sql = format!("DELETE FROM hold_layers WHERE owner_did = $1 RETURNING {}", HeldLayer::COLUMNS);
    let layers =
        conn.query(&sql, &of_owner, |row| Ok::<_, store::Error>(HeldLayer::from_row(row)?.rkey()))?;
    gone::note(conn, Collection::Layer, &layers)?;
    let sql = "DELETE FROM hold_stats WHERE owner_did = $1 RETURNING repository";
    let stats = conn.query(sql, &of_owner, |row| Ok::<_, store::Error>(stats_key(owner, row.text(0)?)))?;
    gone::note(conn, Collection::Stats, &stats)?;
    Ok((layers.len(), stats.len()))
}
