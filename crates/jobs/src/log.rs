//! What a job wrote down while it ran.

use clock::now_micros;
use events::Severity;
use store::{Conn, Row, v};

use crate::job::Job;
use crate::{JobError, Jobs, bounds};

/// More lines are not read at once.
const MAX_LIMIT: u32 = 1000;

/// A line of a job's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Counted from 1 within the job.
    pub line: i64,
    /// How much it matters.
    pub level: Severity,
    /// The text.
    pub message: String,
    /// When it was written, in microseconds.
    pub created_at: i64,
}

/// A line that is not in the database yet.
#[derive(Clone, Debug)]
pub(crate) struct NewLine {
    level: Severity,
    message: String,
    created_at: i64,
}

impl Jobs {
    /// Lines of a job's log after line `after`, the oldest first, from 1 to 1000 of them; 0 begins at the beginning. Of
    /// each job the newest thousand lines are kept.
    pub async fn logs(&self, id: &str, after: i64, limit: u32) -> Result<Vec<LogLine>, JobError> {
        const SQL: &str = "
            SELECT line, level, message, created_at FROM appview_job_logs
            WHERE job_id = $1 AND line > $2 ORDER BY line LIMIT $3";
        let (id, limit) = (id.to_owned(), limit.clamp(1, MAX_LIMIT));
        let lines = self.state().read(move |conn| {
            let id = Job::find(conn, &id)?.id;
            conn.query(SQL, &[v(&id), v(after), v(limit)], |row| LogLine::read(row, &id))
        });
        lines.await
    }
}

impl LogLine {
    fn read(row: &Row<'_>, id: &str) -> Result<Self, JobError> {
        let corrupt = |_| JobError::Corrupt { id: id.to_owned(), what: "log level" };
        Ok(Self {
            line: row.int(0)?,
            level: row.text(1)?.parse().map_err(corrupt)?,
            message: row.string(2)?,
            created_at: row.int(3)?,
        })
    }
}

impl NewLine {
    pub(crate) fn new(level: Severity, message: &str) -> Self {
        Self { level, message: bounds::message(message), created_at: now_micros() }
    }
}

/// Adds lines, and drops the oldest beyond those that are kept.
pub(crate) fn append(conn: &mut Conn<'_>, id: &str, lines: &[NewLine]) -> Result<(), store::Error> {
    const LAST: &str = "SELECT coalesce(max(line), 0) FROM appview_job_logs WHERE job_id = $1";
    const INSERT: &str = "
        INSERT INTO appview_job_logs (job_id, line, level, message, created_at) VALUES ($1, $2, $3, $4, $5)";
    const TRIM: &str = "DELETE FROM appview_job_logs WHERE job_id = $1 AND line <= $2";
    if lines.is_empty() {
        return Ok(());
    }
    let mut last = conn.query_one::<_, store::Error>(LAST, &[v(id)], |row| row.int(0))?;
    for new in lines {
        last += 1;
        let row = [v(id), v(last), v(new.level.name()), v(&new.message), v(new.created_at)];
        conn.execute(INSERT, &row)?;
    }
    conn.execute(TRIM, &[v(id), v(last - bounds::MAX_LINES)])?;
    Ok(())
}
