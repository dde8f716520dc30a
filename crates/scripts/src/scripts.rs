//! The scripts as they are stored: what operators decided should happen.

use accounts::Vault;
use clock::now_micros;
use events::{EventLog, kinds};
use lua::{Engine, Program};
use store::{Conn, Database, Store};

use crate::bounds::{MAX_DESCRIPTION, MAX_SCRIPT_BYTES, MAX_SCRIPTS};
use crate::{Error, NewScript, Script, ScriptTable, Trigger, version};

/// The tables of scripts and their variables. Cheap to clone.
///
/// Used by the admin API and by the command line, which is another process: every change increments a number that running
/// servers watch, so that it takes effect everywhere.
#[derive(Clone)]
pub struct Scripts {
    pub(crate) state: Database,
    pub(crate) vault: Vault,
    pub(crate) events: EventLog,
    table: ScriptTable,
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
        let table = ScriptTable::new(&store.state, events.clone());
        Self { state: store.state.clone(), vault, events, table, engine }
    }

    /// The scripts without what it takes to run them.
    #[must_use]
    pub fn table(&self) -> &ScriptTable {
        &self.table
    }

    /// Where scripts run.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// [`ScriptTable::list`]
    pub async fn list(&self, suffix: Option<&str>) -> Result<Vec<Script>, Error> {
        self.table.list(suffix).await
    }

    /// [`ScriptTable::get`]
    pub async fn get(&self, id: &str) -> Result<Option<Script>, Error> {
        self.table.get(id).await
    }

    /// [`ScriptTable::remove`]
    pub async fn remove(&self, id: &str, actor: Option<&str>) -> Result<bool, Error> {
        self.table.remove(id, actor).await
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

    /// Stores a script, or replaces the one with its trigger, unless that comes from a file. `actor` is the DID of whoever does.
    pub async fn put(&self, new: NewScript, actor: Option<&str>) -> Result<Script, Error> {
        let script = self.compiled(new, None).await?;
        let write = move |conn: &mut Conn<'_>| {
            version::lock(conn)?;
            Script::find(conn, &script.id)?.map_or(Ok(()), |before| before.must_be_by_hand())?;
            store(conn, &script)
        };
        let stored = self.state.write(write).await?;
        self.tell(&stored, actor);
        Ok(stored)
    }

    /// Stores what a file of the folder says now, in place of whatever was there; whether that changed anything.
    pub(crate) async fn put_file(&self, new: NewScript, file: &str) -> Result<bool, Error> {
        let script = self.compiled(new, Some(file.to_owned())).await?;
        let write = move |conn: &mut Conn<'_>| {
            version::lock(conn)?;
            let before = Script::find(conn, &script.id)?;
            if before.is_some_and(|before| before.says_the_same(&script)) {
                return Ok(None);
            }
            store(conn, &script).map(Some)
        };
        let stored = self.state.write(write).await?;
        if let Some(stored) = &stored {
            self.tell(stored, None);
        }
        Ok(stored.is_some())
    }

    /// A script that can run, as its row.
    async fn compiled(&self, new: NewScript, file: Option<String>) -> Result<Script, Error> {
        let (trigger, program) = self.check(&new).await?;
        let now = now_micros();
        Ok(Script {
            id: trigger.to_string(),
            script_type: new.script_type,
            body: new.body,
            description: new.description,
            outbound_xrpcs: program.outbound().to_vec(),
            revision: 1,
            created_at: now,
            updated_at: now,
            file,
        })
    }

    /// Changes a script; `None` if there is none of this id. What others change at the same time is not undone, and what they remove
    /// does not come back.
    pub async fn change(
        &self,
        id: &str,
        change: ScriptChange,
        actor: Option<&str>,
    ) -> Result<Option<Script>, Error> {
        loop {
            let Some(before) = self.get(id).await? else { return Ok(None) };
            let seen = (before.revision, before.created_at, before.updated_at);
            let script = self.compiled(change.applied_to(before), None).await?;
            let write = move |conn: &mut Conn<'_>| {
                version::lock(conn)?;
                let Some(now) = Script::find(conn, &script.id)? else { return Ok(Changed::Gone) };
                now.must_be_by_hand()?;
                if (now.revision, now.created_at, now.updated_at) != seen {
                    return Ok(Changed::Meanwhile);
                }
                store(conn, &script).map(Box::new).map(Changed::Done)
            };
            match self.state.write(write).await? {
                Changed::Done(stored) => {
                    self.tell(&stored, actor);
                    return Ok(Some(*stored));
                }
                Changed::Gone => return Ok(None),
                // Each time somebody else has got something done.
                Changed::Meanwhile => {}
            }
        }
    }

    fn tell(&self, stored: &Script, actor: Option<&str>) {
        let kind = if stored.revision == 1 { kinds::SCRIPT_CREATED } else { kinds::SCRIPT_UPDATED };
        self.table.record(kind, &stored.id, actor);
    }
}

/// What became of a change.
enum Changed {
    Done(Box<Script>),
    /// The script was removed.
    Gone,
    /// The script is not the one that was read.
    Meanwhile,
}

impl ScriptChange {
    /// The script as it is to be.
    fn applied_to(&self, script: Script) -> NewScript {
        NewScript {
            id: script.id,
            script_type: self.script_type.clone().unwrap_or(script.script_type),
            body: self.body.clone().unwrap_or(script.body),
            description: match &self.description {
                None => script.description,
                Some(Description::Cleared) => None,
                Some(Description::Set(text)) => Some(text.clone()),
            },
        }
    }
}

/// Writes the row; to be called with the lock.
fn store(conn: &mut Conn<'_>, script: &Script) -> Result<Script, Error> {
    let version = version::next(conn)?;
    let stored = script.put(conn, version)?;
    check_bounds(conn)?;
    Ok(stored)
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
