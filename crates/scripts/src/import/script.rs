//! One script.

use accounts::{Existing, Imported};
use events::kinds;
use store::{Conn, v};

use super::Times;
use crate::scripts::check_bounds;
use crate::{Error, NewScript, Script, Scripts, version};

impl Scripts {
    /// Takes over a script: one that does not compile, or whose top level fails, is refused as it would be if it were new.
    pub async fn import(&self, new: NewScript, times: Times, existing: Existing) -> Result<Imported, Error> {
        const TIMES: &str = "UPDATE appview_scripts SET created_at = $2, updated_at = $3 WHERE id = $1";
        // Compiling takes longer than looking.
        if existing == Existing::Keep && self.get(&new.id).await?.is_some() {
            return Ok(Imported::Kept);
        }
        let (trigger, program) = self.check(&new).await?;
        let id = trigger.to_string();
        let script = Script {
            id: id.clone(),
            script_type: new.script_type,
            body: new.body,
            description: new.description,
            outbound_xrpcs: program.outbound().to_vec(),
            revision: 1,
            created_at: times.made(),
            updated_at: times.changed(),
            file: None,
        };
        let write = move |conn: &mut Conn<'_>| {
            version::lock(conn)?;
            let here = Script::find(conn, &script.id)?;
            let is_here = here.is_some();
            if is_here && existing == Existing::Keep {
                return Ok(Imported::Kept);
            }
            if let Some(here) = here {
                here.must_be_by_hand()?;
            }
            let version = version::next(conn)?;
            script.put(conn, version)?;
            check_bounds(conn)?;
            if is_here {
                return Ok(Imported::Replaced);
            }
            conn.execute(TIMES, &[v(&script.id), v(script.created_at), v(script.updated_at)])?;
            Ok::<_, Error>(Imported::Added)
        };
        let imported = self.state.write(write).await?;
        match imported {
            Imported::Kept => {}
            Imported::Added => self.table().record(kinds::SCRIPT_CREATED, &id, None),
            Imported::Replaced => self.table().record(kinds::SCRIPT_UPDATED, &id, None),
        }
        Ok(imported)
    }
}
