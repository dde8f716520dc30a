//! Of whom something is not here, and why, page by page.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use store::{Role, Row, v};

use super::{COLUMNS, Coverage, CoverageState, from_row};
use crate::{Error, Records};

/// Where a page of [`missing`](Records::missing) rows ended. As text it is good for a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingPosition {
    repo: i64,
    collection: i64,
}

/// A page of rows that say that something is not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingPage {
    /// The rows.
    pub rows: Vec<Coverage>,
    /// Where the next page begins, if there may be more.
    pub next: Option<MissingPosition>,
}

impl Records {
    /// At most `limit` rows in a state, after `after`, in the order in which their repositories came to be known here. The state is one
    /// of those that something is missing in: `retrying`, `failed`, `quarantined` or `absent`.
    pub async fn missing(
        &self,
        state: CoverageState,
        after: Option<MissingPosition>,
        limit: u32,
    ) -> Result<MissingPage, Error> {
        let sql = format!(
            "{COLUMNS}
             WHERE c.state = $1 AND c.state > 2 AND (c.repo_id, c.collection_id) > ($2, $3)
             ORDER BY c.repo_id, c.collection_id LIMIT $4"
        );
        let after = after.unwrap_or(MissingPosition { repo: i64::MIN, collection: i64::MIN });
        let index = self.index.with_role(Role::Backfill);
        let found = index
            .read(move |conn| {
                let params = [v(state as i64), v(after.repo), v(after.collection), v(limit)];
                conn.query(&sql, &params, |row| Ok::<_, Error>((position(row)?, from_row(row)?)))
            })
            .await?;
        let is_full = u32::try_from(found.len()).is_ok_and(|count| count >= limit);
        let next = found.last().map(|(position, _)| *position).filter(|_| is_full);
        Ok(MissingPage { rows: found.into_iter().filter_map(|(_, row)| row).collect(), next })
    }

    /// How many rows are in each state that something is missing in.
    pub async fn missing_counts(&self) -> Result<Vec<(CoverageState, i64)>, Error> {
        const SQL: &str =
            "SELECT state, count(*) FROM coverage WHERE state > 2 GROUP BY state ORDER BY state";
        let count = |row: &Row<'_>| Ok((CoverageState::from_code(row.int(0)?), row.int(1)?));
        self.index.read(move |conn| conn.query(SQL, &[], count)).await
    }
}

fn position(row: &Row<'_>) -> Result<MissingPosition, store::Error> {
    Ok(MissingPosition { repo: row.int(9)?, collection: row.int(10)? })
}

impl Display for MissingPosition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.repo, self.collection)
    }
}

impl FromStr for MissingPosition {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (repo, collection) = text.split_once('-').ok_or(Error::Position)?;
        let number = |text: &str| {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| is_plain).ok_or(Error::Position)
        };
        Ok(Self { repo: number(repo)?, collection: number(collection)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_comes_back_as_it_went_out_and_nothing_else_is_accepted() {
        let position = MissingPosition { repo: 12, collection: 3 };
        assert_eq!(position.to_string().parse::<MissingPosition>().unwrap(), position);
        for bad in ["", "-", "1", "1-", "-1", "1-2-3", "1--2", "+1-2", "a-1", "99999999999999999999-1"] {
            assert!(bad.parse::<MissingPosition>().is_err(), "{bad:?}");
        }
    }
}
