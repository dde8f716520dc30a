//! Rows of texts, written each by itself or all at once, as the engine likes it.

use store::{Conn, Engine, v};

use crate::Error;

/// Texts of several rows, column by column.
pub(super) struct Columns<'a, const N: usize>([Vec<Option<&'a str>>; N]);

impl<const N: usize> Default for Columns<'_, N> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Vec::new()))
    }
}

impl<'a, const N: usize> Columns<'a, N> {
    pub(super) fn push(&mut self, row: [&'a str; N]) {
        for (column, text) in self.0.iter_mut().zip(row) {
            column.push(Some(text));
        }
    }

    /// Runs a statement for each row or for all, whose first parameters are numbers.
    pub(super) fn execute<const M: usize>(
        &self,
        conn: &mut Conn<'_>,
        numbers: [i64; M],
        each: &str,
        all: &str,
    ) -> Result<(), Error> {
        let rows = self.0.first().map_or(0, Vec::len);
        if rows == 0 {
            return Ok(());
        }
        let numbers = numbers.into_iter().map(v);
        if conn.engine() == Engine::Postgres {
            let columns = self.0.iter().map(|column| v(column.as_slice()));
            let params: Vec<_> = numbers.chain(columns).collect();
            conn.execute(all, &params)?;
            return Ok(());
        }
        for row in 0..rows {
            let texts = self.0.iter().map(|column| v(column[row]));
            let params: Vec<_> = numbers.clone().chain(texts).collect();
            conn.execute(each, &params)?;
        }
        Ok(())
    }
}
