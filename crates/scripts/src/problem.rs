//! Files of the folder that are not in effect, and why.

use store::{Conn, Row, v};

/// Why a file is not in effect. The script that was made of an earlier version of it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// Its name; empty when it is about the folder.
    pub file: String,
    /// The trigger that the name stands for, if it stands for one.
    pub trigger: Option<String>,
    /// What is wrong, for the operator.
    pub error: String,
    /// When that was noticed, in microseconds.
    pub noticed_at: i64,
}

impl FileProblem {
    /// Writes it down, in place of what was wrong with the file before.
    pub(crate) fn put(&self, conn: &mut Conn<'_>) -> Result<(), store::Error> {
        const SQL: &str = "
            INSERT INTO appview_script_problems (file, script_ref, error, noticed_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (file) DO UPDATE SET
                script_ref = excluded.script_ref, error = excluded.error, noticed_at = excluded.noticed_at";
        let values = [v(&self.file), v(self.trigger.as_deref()), v(&self.error), v(self.noticed_at)];
        conn.execute(SQL, &values).map(drop)
    }

    fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        Ok(Self {
            file: row.string(0)?,
            trigger: row.opt_text(1)?.map(str::to_owned),
            error: row.string(2)?,
            noticed_at: row.int(3)?,
        })
    }
}

pub(crate) fn all(conn: &mut Conn<'_>) -> Result<Vec<FileProblem>, store::Error> {
    const SQL: &str = "SELECT file, script_ref, error, noticed_at FROM appview_script_problems ORDER BY file";
    conn.query(SQL, &[], FileProblem::from_row)
}

/// Nothing is wrong with this file any more.
pub(crate) fn remove(conn: &mut Conn<'_>, file: &str) -> Result<(), store::Error> {
    conn.execute("DELETE FROM appview_script_problems WHERE file = $1", &[v(file)]).map(drop)
}

/// Nothing is known of any file.
pub(crate) fn clear(conn: &mut Conn<'_>) -> Result<(), store::Error> {
    conn.execute("DELETE FROM appview_script_problems", &[]).map(drop)
}
