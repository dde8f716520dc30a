//! One variable.

use accounts::{Existing, Imported, Purpose};
use clock::now_micros;
use events::kinds;
use store::{Conn, v};

use super::Times;
use crate::variables::{check, check_number};
use crate::{Error, Scripts, version};

impl Scripts {
    /// Takes over a variable, sealed anew.
    pub async fn import_variable(
        &self,
        key: &str,
        value: &str,
        times: Times,
        existing: Existing,
    ) -> Result<Imported, Error> {
        const FIND: &str = "SELECT 1 FROM appview_script_variables WHERE key = $1";
        const PUT: &str = "
            INSERT INTO appview_script_variables (key, sealed, created_at, updated_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed, updated_at = $5";
        check(key, value)?;
        let sealed = self.vault.seal(Purpose::SCRIPT_VARIABLES, key, value.as_bytes())?;
        let name = key.to_owned();
        let write = move |conn: &mut Conn<'_>| {
            version::lock(conn)?;
            let is_here = conn.query_opt::<_, store::Error>(FIND, &[v(&name)], |row| row.int(0))?.is_some();
            if is_here && existing == Existing::Keep {
                return Ok(Imported::Kept);
            }
            version::next(conn)?;
            let row = [v(&name), v(&sealed[..]), v(times.made()), v(times.changed()), v(now_micros())];
            conn.execute(PUT, &row)?;
            check_number(conn)?;
            Ok::<_, Error>(if is_here { Imported::Replaced } else { Imported::Added })
        };
        let imported = self.state.write(write).await?;
        if imported != Imported::Kept {
            self.record_variable(kinds::SCRIPT_VARIABLE_UPSERTED, key, None);
        }
        Ok(imported)
    }
}
