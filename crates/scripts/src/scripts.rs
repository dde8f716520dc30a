//! The scripts as they are stored: what operators decided should happen.

use accounts::Vault;
use clock::now_micros;
use events::{Event, EventLog, Kind, kinds};
use lua::{Engine, Program};
use serde_json::json;
use store::{Conn, Database, Store, v};

use crate::bounds::{MAX_DESCRIPTION, MAX_SCRIPT_BYTES, MAX_SCRIPTS};
use crate::script::COLUMNS;
use crate::{Error, NewScript, Script, Trigger, version};

/// The tables of scripts and their variables. Cheap to clone.
///
/// Used by the admin API and by the command line, which is another process: every change increments a number that running
/// servers watch, so that it takes effect everywhere.
#[derive(Clone)]
pub struct Scripts {
    pub(crate) state: Database,
    pub(crate) vault: Vault,
    pub(crate) events: EventLog,
    engine: Engine,
}

/// What becomes of the fields of a script that a change does not name: they stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScriptChange {
    /// The language, with the source only.
    pub script_type: Option<String>,
    /// The source.
    pub body: Option<String>,
    /// What it is for.
    pub description: Option<Description>,
}

/// What a description becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Description {
    /// There is none any more.
    Cleared,
    /// This.
    Set(String),
}

impl Scripts {
    /// The scripts kept in `store`, which was opened with [`SCHEMA`](crate::SCHEMA). What is put there is tried on `engine`.
    #[must_use]
    pub fn open(store: &Store, vault: Vault, events: EventLog, engine: Engine) -> Self {
        Self { state: store.state.clone(), vault, events, engine }
    }

    /// Where scripts run.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// All of them by id, or those for `suffix`.
    pub async fn list(&self, suffix: Option<&str>) -> Result<Vec<Script>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM appview_scripts ORDER BY id");
        let mut scripts = self.state.read(move |conn| conn.query(&sql, &[], Script::from_row)).await?;
        scripts.retain(|script| {
            suffix.is_none_or(|suffix| script.id.split_once(':').is_some_and(|(_, of)| of == suffix))
        });
        Ok(scripts)
    }

    /// The one with this trigger.
    pub async fn get(&self, id: &str) -> Result<Option<Script>, Error> {
        let id = id.to_owned();
        Ok(self.state.read(move |conn| Script::find(conn, &id)).await?)
    }

    /// Compiles and tries a script as it would be stored.
    pub async fn check(&self, new: &NewScript) -> Result<(Trigger, Program), Error> {
        let trigger: Trigger = new.id.parse()?;
        if new.script_type != "lua" {
            return Err(Error::Type(new.script_type.clone()));
        }
        if new.description.as_ref().is_some_and(|text| text.chars().count() > MAX_DESCRIPTION) {
            return Err(Error::Description);
        }
        let program = self.engine.compile(&trigger.to_string(), &new.body).await?;
        Ok((trigger, program))
    }

    /// Stores a script, or replaces the one with its trigger. `actor` is the DID of whoever does.
    pub async fn put(&self, new: NewScript, actor: Option<&str>) -> Result<Script, Error> {
        let (trigger, program) = self.check(&new).await?;
        let now = now_micros();
        let script = Script {
            id: trigger.to_string(),
            script_type: new.script_type,
            body: new.body,
            description: new.description,
            outbound_xrpcs: program.outbound().to_vec(),
            revision: 1,
            created_at: now,
            updated_at: now,
        };
        let write = move |conn: &mut Conn<'_>| {
            version::lock(conn)?;
            let version = version::next(conn)?;
            let stored = script.put(conn, version)?;
            check_bounds(conn)?;
            Ok::<_, Error>(stored)
        };
        let stored = self.state.write(write).await?;
        let kind = if stored.revision == 1 { kinds::SCRIPT_CREATED } else { kinds::SCRIPT_UPDATED };
        self.record(kind, &stored.id, actor);
        Ok(stored)
    }

    /// Changes a script; `None` if there is none of this id.
    pub async fn change(
        &self,
        id: &str,
        change: ScriptChange,
        actor: Option<&str>,
    ) -> Result<Option<Script>, Error> {
        let Some(script) = self.get(id).await? else { return Ok(None) };
        let new = NewScript {
            id: script.id,
            script_type: change.script_type.unwrap_or(script.script_type),
            body: change.body.unwrap_or(script.body),
            description: match change.description {
                None => script.description,
                Some(Description::Cleared) => None,
                Some(Description::Set(text)) => Some(text),
            },
        };
        self.put(new, actor).await.map(Some)
    }

    /// Removes a script; whether there was one.
    pub async fn remove(&self, id: &str, actor: Option<&str>) -> Result<bool, Error> {
        let key = id.to_owned();
        let write = move |conn: &mut Conn<'_>| {
            version::lock(conn)?;
            let removed = conn.execute("DELETE FROM appview_scripts WHERE id = $1", &[v(&key)])? > 0;
            if removed {
                version::next(conn)?;
            }
            Ok::<_, Error>(removed)
        };
        let removed = self.state.write(write).await?;
        if removed {
            self.record(kinds::SCRIPT_DELETED, id, actor);
        }
        Ok(removed)
    }

    pub(crate) fn record(&self, kind: Kind, id: &str, actor: Option<&str>) {
        let detail = json!({ "script_type": "lua" });
        self.events.record(Event::new(kind).actor(actor).subject(id).detail(detail));
    }
}

/// Fails if the script just written is one too many.
pub(crate) fn check_bounds(conn: &mut Conn<'_>) -> Result<(), Error> {
    const SQL: &str =
        "SELECT count(*), CAST(coalesce(sum(octet_length(body)), 0) AS BIGINT) FROM appview_scripts";
    let (scripts, bytes) =
        conn.query_one(SQL, &[], |row| Ok::<_, store::Error>((row.int(0)?, row.int(1)?)))?;
    if scripts > MAX_SCRIPTS || bytes > MAX_SCRIPT_BYTES {
        return Err(Error::TooMany);
    }
    Ok(())
}
