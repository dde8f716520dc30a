//! Reading the log.

use crate::{Error, EventLog, Filter, Position, StoredEvent};

/// More are not read at once.
const MAX_LIMIT: u32 = 1000;

/// Which page of which events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What must hold of them.
    pub filter: Filter,
    /// How many, from 1 to 1000.
    pub limit: u32,
    /// Where the page before ended; `None` starts with the newest.
    pub after: Option<Position>,
}

/// Some events, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The events.
    pub events: Vec<StoredEvent>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Position>,
}

impl EventLog {
    /// One page of the log, newest first. Pages stay stable while events are added.
    pub async fn query(&self, query: Query) -> Result<Page, Error> {
        let limit = query.limit.clamp(1, MAX_LIMIT);
        // One more than asked for shows whether there is a next page.
        let mut events = self
            .state
            .read(move |conn| {
                let mut condition = query.filter.condition(query.after.as_ref());
                let n = condition.int(i64::from(limit) + 1);
                let sql = format!(
                    "SELECT {} FROM event_logs {} ORDER BY created_at DESC, id DESC LIMIT ${n}",
                    StoredEvent::COLUMNS,
                    condition.sql
                );
                conn.query(&sql, &condition.params(), StoredEvent::read)
            })
            .await?;
        let more = events.len() > limit as usize;
        events.truncate(limit as usize);
        let next = events.last().filter(|_| more).map(Position::of);
        Ok(Page { events, next })
    }

    /// How many events there are for which the filter holds.
    pub async fn count(&self, filter: Filter) -> Result<i64, Error> {
        self.state
            .read(move |conn| {
                let condition = filter.condition(None);
                let sql = format!("SELECT COUNT(*) FROM event_logs {}", condition.sql);
                conn.query_one(&sql, &condition.params(), |row| Ok(row.int(0)?))
            })
            .await
    }
}
