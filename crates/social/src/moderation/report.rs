//! What people, and other servers, report.

use store::{Conn, v};
use uuid::Uuid;

use crate::{Error, Id};

/// Somebody does something that a moderator should look at.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// Who says so; nobody, if it is another server.
    pub reporter: Option<Id>,
    /// About whom.
    pub target: Id,
    /// About which thoughts of theirs, by uuid.
    pub thoughts: Vec<String>,
    /// `spam`, `legal`, `violation` or `other`.
    pub category: String,
    /// At most 1,000 characters count.
    pub comment: String,
    /// The Flag of another server.
    pub activity_id: Option<String>,
}

/// Keeps a report; its uuid. The same activity is kept once.
pub fn report(conn: &mut Conn<'_>, now: i64, new: &NewReport) -> Result<String, Error> {
    let uuid = Uuid::new_v4().to_string();
    let known = ["spam", "legal", "violation", "other"];
    let category = if known.contains(&&*new.category) { &*new.category } else { "other" };
    let comment: String = new.comment.chars().filter(|c| *c != '\0').take(1000).collect();
    let thoughts = serde_json::to_string(&new.thoughts.iter().take(100).collect::<Vec<_>>())?;
    let sql = "INSERT INTO social_reports (id, uuid, reporter_id, target_id, thoughts, category, comment, activity_id, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    Id::insert(conn, "social_reports", now, |conn, id| {
        let params = [
            id.into(),
            v(&uuid),
            v(new.reporter.map(|id| id.0)),
            new.target.into(),
            v(&thoughts),
            v(category),
            v(&comment),
            v(new.activity_id.as_deref()),
            v(now),
        ];
        conn.execute(sql, &params)
    })?;
    Ok(uuid)
}
