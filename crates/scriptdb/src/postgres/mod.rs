//! The server engine: the schema `scripts`, and a role that owns nothing else.

mod answer;
mod call;
mod catalogue;
mod effects;
pub(crate) mod export;
mod failure;
mod import;
mod insert;
mod made;
mod pool;
mod quota;
mod references;
mod session;
mod setup;
#[cfg(test)]
mod tests;
mod written;

use deadpool_postgres::Pool;

pub(crate) use import::PostgresImport;

use crate::effect::Effect;
use crate::script_db::Request;
use crate::statement::Kind;
use crate::{Error, Limits, Rows, ScriptDbConfig, telemetry};
use quota::Quota;
use session::Session;

/// Connections whose statements run as the scripts' role.
pub(crate) struct PostgresScripts {
    pool: Pool,
    role: String,
    limits: Limits,
    quota: Quota,
}

impl PostgresScripts {
    /// Connects, and makes what is missing.
    pub(crate) async fn open(url: &str, config: &ScriptDbConfig) -> Result<Self, Error> {
        let pool = pool::open(url, config)?;
        setup::prepare(&pool, config).await?;
        let quota = Quota::new(config.limits.database_bytes);
        let scripts = Self { pool, role: config.role.clone(), limits: config.limits, quota };
        scripts.prune_effects().await;
        Ok(scripts)
    }

    pub(crate) async fn run(&self, request: &Request) -> Result<Rows, Error> {
        let client = pool::get(&self.pool).await?;
        if matches!(request.statement.kind, Kind::Write | Kind::Create) {
            self.quota.check(&client).await?;
        }
        let mut session = Session::new(client);
        let result = match &request.once {
            Some(effect) => self.once(&session, request, effect).await,
            None => self.statement(&session, request).await,
        };
        session.end(result.is_ok()).await?;
        if request.once.is_some() && effects::is_time_to_prune() {
            self.prune_effects().await;
        }
        result
    }

    async fn statement(&self, session: &Session, request: &Request) -> Result<Rows, Error> {
        let begin = match request.statement.kind {
            Kind::Read => "BEGIN READ ONLY",
            _ => "BEGIN",
        };
        session.batch(begin).await?;
        session.statement(request, &self.role, &self.limits).await
    }

    async fn once(&self, session: &Session, request: &Request, effect: &Effect) -> Result<Rows, Error> {
        effects::begin(session, effect).await?;
        if let Some(rows) = effects::find(session, effect).await? {
            telemetry::remembered();
            return Ok(rows);
        }
        if request.statement.kind == Kind::Read {
            // Remembered at the latest with the next write, which is the first that would miss it.
            session.batch("SET LOCAL synchronous_commit = off").await?;
        }
        let rows = session.statement(request, &self.role, &self.limits).await?;
        effects::remember(session, effect, &rows).await?;
        Ok(rows)
    }

    /// What fails is done another time.
    async fn prune_effects(&self) {
        let pruned = async { effects::prune(&pool::get(&self.pool).await?, self.limits.effects_kept).await };
        if let Err(error) = pruned.await {
            tracing::warn!(%error, "forgetting old effects of scripts");
        }
    }
}
