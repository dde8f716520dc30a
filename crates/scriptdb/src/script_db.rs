//! The scripts' database as the scripts see it.

use std::sync::Arc;
use std::time::Instant;

use store::{Engine, Location};

use crate::effect::Effect;
use crate::postgres::PostgresScripts;
use crate::sqlite::SqliteScripts;
use crate::statement::{Kind, Statement};
use crate::{EffectKey, Error, Limit, Limits, Param, Rows, ScriptDbConfig, telemetry};

/// The database scripts own. Cheap to clone.
#[derive(Clone)]
pub struct ScriptDb {
    backend: Arc<Backend>,
    views: Arc<[&'static str]>,
    limits: Limits,
}

enum Backend {
    Sqlite(SqliteScripts),
    Postgres(PostgresScripts),
}

/// A statement that has been read, on its way to an engine.
pub(crate) struct Request {
    pub(crate) statement: Statement,
    pub(crate) params: Vec<Param>,
    /// If it is to take effect once: what it is remembered as.
    pub(crate) once: Option<Effect>,
}

impl ScriptDb {
    /// Opens the database, making it (and on PostgreSQL its role) if it is new. The store must be open: the views show
    /// its tables.
    pub async fn open(config: ScriptDbConfig) -> Result<Self, Error> {
        telemetry::describe();
        let backend = match &config.location {
            Location::Sqlite(folder) => Backend::Sqlite(SqliteScripts::open(folder, &config)?),
            Location::Postgres(url) => Backend::Postgres(PostgresScripts::open(url, &config).await?),
        };
        let views = config.views.iter().map(|view| view.name).collect();
        Ok(Self { backend: Arc::new(backend), views, limits: config.limits })
    }

    /// `sqlite` or `postgres`.
    #[must_use]
    pub fn backend(&self) -> &'static str {
        self.engine().name()
    }

    fn engine(&self) -> Engine {
        match &*self.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs one statement in a transaction of its own (spec §5.7 `db.raw`).
    pub async fn raw(&self, sql: &str, params: &[Param]) -> Result<Rows, Error> {
        self.measured(async { self.run(self.request(sql, params)?).await }).await
    }

    /// Runs one statement, unless it has run under this key before: then it answers what it answered then. What is answered
    /// is remembered in the statement's own transaction, so it takes effect once however often its script is run
    /// again. That holds for statements that only read too, within one try, so that a script that decides by what it reads
    /// decides the same again. Memory lasts for [`Limits::effects_kept`]. On SQLite what is remembered may have
    /// [`Limits::value_bytes`].
    pub async fn raw_once(&self, key: &EffectKey, sql: &str, params: &[Param]) -> Result<Rows, Error> {
        self.measured(async {
            let request = self.request(sql, params)?;
            let once = Some(Effect::new(key, &request.statement, &request.params));
            self.run(Request { once, ..request }).await
        })
        .await
    }

    /// Runs one statement that only reads; refuses every other.
    pub async fn look(&self, sql: &str, params: &[Param]) -> Result<Rows, Error> {
        self.measured(async {
            let request = self.request(sql, params)?;
            if request.statement.kind != Kind::Read {
                return Err(Error::Refused("whatever has effects, in a trial".into()));
            }
            self.run(request).await
        })
        .await
    }

    fn request(&self, sql: &str, params: &[Param]) -> Result<Request, Error> {
        if sql.len() > self.limits.sql_bytes {
            return Err(Error::Limit(Limit::Statement));
        }
        if params.len() > self.limits.params {
            return Err(Error::Limit(Limit::Params));
        }
        if params.iter().any(|param| param.size() > self.limits.value_bytes) {
            return Err(Error::Limit(Limit::Value));
        }
        let statement = Statement::parse(sql, self.engine(), &self.views)?;
        // More than there are placeholders for is what a shared list of values looks like; fewer is a mistake.
        let params = params
            .get(..statement.parameters)
            .ok_or(Error::Parameters { expected: statement.parameters, given: params.len() })?;
        Ok(Request { statement, params: params.to_vec(), once: None })
    }

    async fn run(&self, request: Request) -> Result<Rows, Error> {
        match &*self.backend {
            Backend::Sqlite(scripts) => scripts.run(request).await,
            Backend::Postgres(scripts) => scripts.run(&request).await,
        }
    }

    async fn measured(&self, run: impl Future<Output = Result<Rows, Error>>) -> Result<Rows, Error> {
        let started = Instant::now();
        let result = run.await;
        telemetry::settled(&result, started.elapsed());
        result
    }
}
