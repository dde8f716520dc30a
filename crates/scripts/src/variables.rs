//! What scripts are told about where they run: names and secrets, sealed at rest.

use accounts::Purpose;
use clock::now_micros;
use events::{Event, Kind, kinds};
use store::{Conn, v};

use crate::bounds::{MAX_KEY_BYTES, MAX_VALUE_BYTES, MAX_VARIABLES};
use crate::{Error, Scripts, version};

/// Characters of a value that are shown; all are hidden in a value that is not much longer.
const SHOWN: usize = 4;

/// A variable, without what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub key: String,
    /// Enough to recognise the value.
    pub preview: String,
    /// Microseconds.
    pub created_at: i64,
    /// Microseconds.
    pub updated_at: i64,
}

/// A row: key, sealed value, both times.
pub(crate) type Sealed = (String, Vec<u8>, i64, i64);

impl Scripts {
    /// All variables by key.
    pub async fn variables(&self) -> Result<Vec<Variable>, Error> {
        let rows = self.state.read(sealed).await?;
        rows.into_iter()
            .map(|(key, sealed, created_at, updated_at)| {
                let value = self.vault.unseal_text(Purpose::SCRIPT_VARIABLES, &key, &sealed)?;
                Ok(Variable { key, preview: preview(&value), created_at, updated_at })
            })
            .collect()
    }

    /// Sets a variable.
    pub async fn set_variable(&self, key: &str, value: &str, actor: Option<&str>) -> Result<(), Error> {
        const SQL: &str = "
            INSERT INTO appview_script_variables (key, sealed, created_at, updated_at) VALUES ($1, $2, $3, $3)
            ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at";
        check(key, value)?;
        let sealed = self.vault.seal(Purpose::SCRIPT_VARIABLES, key, value.as_bytes())?;
        let name = key.to_owned();
        let write = move |conn: &mut Conn<'_>| {
            version::lock(conn)?;
            version::next(conn)?;
            conn.execute(SQL, &[v(&name), v(&sealed[..]), v(now_micros())])?;
            check_number(conn)
        };
        self.state.write(write).await?;
        self.record_variable(kinds::SCRIPT_VARIABLE_UPSERTED, key, actor);
        Ok(())
    }

    /// Removes a variable; whether there was one.
    pub async fn remove_variable(&self, key: &str, actor: Option<&str>) -> Result<bool, Error> {
        let name = key.to_owned();
        let write = move |conn: &mut Conn<'_>| {
            version::lock(conn)?;
            let sql = "DELETE FROM appview_script_variables WHERE key = $1";
            let removed = conn.execute(sql, &[v(&name)])? > 0;
            if removed {
                version::next(conn)?;
            }
            Ok::<_, Error>(removed)
        };
        let removed = self.state.write(write).await?;
        if removed {
            self.record_variable(kinds::SCRIPT_VARIABLE_DELETED, key, actor);
        }
        Ok(removed)
    }

    /// What the rows hold, as the JSON object that scripts see as `env`.
    pub(crate) fn opened(
        &self,
        rows: Vec<Sealed>,
    ) -> Result<serde_json::Map<String, serde_json::Value>, Error> {
        rows.into_iter()
            .map(|(key, sealed, ..)| {
                let value = self.vault.unseal_text(Purpose::SCRIPT_VARIABLES, &key, &sealed)?;
                Ok((key, value.into()))
            })
            .collect()
    }

    pub(crate) fn record_variable(&self, kind: Kind, key: &str, actor: Option<&str>) {
        self.events.record(Event::new(kind).actor(actor).subject(key));
    }
}

pub(crate) fn sealed(conn: &mut Conn<'_>) -> Result<Vec<Sealed>, store::Error> {
    const SQL: &str = "SELECT key, sealed, created_at, updated_at FROM appview_script_variables ORDER BY key";
    conn.query(SQL, &[], |row| Ok((row.string(0)?, row.blob(1)?.to_vec(), row.int(2)?, row.int(3)?)))
}

/// Fails for what no variable can be.
pub(crate) fn check(key: &str, value: &str) -> Result<(), Error> {
    match value.len() {
        _ if !is_key(key) => Err(Error::Key),
        ..=MAX_VALUE_BYTES => Ok(()),
        _ => Err(Error::Value),
    }
}

/// Fails if the variable just written is one too many.
pub(crate) fn check_number(conn: &mut Conn<'_>) -> Result<(), Error> {
    let count = "SELECT count(*) FROM appview_script_variables";
    let count = conn.query_one::<_, Error>(count, &[], |row| Ok(row.int(0)?))?;
    if count > MAX_VARIABLES { Err(Error::TooManyVariables) } else { Ok(()) }
}

fn is_key(key: &str) -> bool {
    let is_first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let mut bytes = key.bytes();
    key.len() <= MAX_KEY_BYTES
        && bytes.next().is_some_and(is_first)
        && bytes.all(|byte| is_first(byte) || byte.is_ascii_digit())
}

/// The first characters, if there are many more.
fn preview(value: &str) -> String {
    let shown: String = value.chars().take(SHOWN).collect();
    if value.chars().count() > 2 * SHOWN { format!("{shown}****") } else { "****".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_values_are_hidden() {
        assert_eq!(preview("abcdefgh"), "****");
        assert_eq!(preview("äbcdefghi"), "äbcd****");
    }

    #[test]
    fn keys_can_be_named_in_a_script() {
        assert!(is_key("API_KEY") && is_key("_x1"));
        assert!(!is_key("") && !is_key("1x") && !is_key("a-b") && !is_key(&"a".repeat(129)));
    }
}
