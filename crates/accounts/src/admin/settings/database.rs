//! `GET /admin/settings/db-info`.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem};
use store::{Conn, Engine, Role};
use utoipa::ToSchema;

use crate::{Accounts, Error};

/// The database, and what it may be asked at once.
#[derive(Serialize, ToSchema)]
#[schema(as = DatabaseInfo)]
pub(crate) struct View {
    /// `sqlite` or `postgres`.
    backend: &'static str,
    /// What the database server allows to all its clients together; null without a server.
    #[schema(required)]
    server_max_connections: Option<i64>,
    /// Connections for requests; the record index has as many again.
    main_pool_size: usize,
    /// Connections for what fetches history; the record index has as many again.
    backfill_pool_size: usize,
    /// Whether settings ask for more connections than there are.
    restart_recommended: bool,
}

pub(super) async fn show(State(accounts): State<Accounts>) -> Result<Json<View>, Problem> {
    let database = &accounts.users.state;
    let server_max_connections = database.read(server_limit).await?;
    Ok(Json(View {
        backend: database.engine().name(),
        server_max_connections,
        main_pool_size: database.connections(),
        backfill_pool_size: database.with_role(Role::Backfill).connections(),
        // One writer takes in what any number of tasks fetched, so no setting asks for a connection.
        restart_recommended: false,
    }))
}

fn server_limit(conn: &mut Conn<'_>) -> Result<Option<i64>, Error> {
    match conn.engine() {
        Engine::Sqlite => Ok(None),
        Engine::Postgres => {
            let limit = "SELECT CAST(current_setting('max_connections') AS BIGINT)";
            Ok(Some(conn.query_one(limit, &[], |row| row.int(0))?))
        }
    }
}
