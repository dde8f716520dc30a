//! `GET /admin/storage`.

use std::path::Path;

use accounts::permissions::STATS_READ;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use server::{Json, Problem, Route};
use utoipa::ToSchema;

use super::Admin;

/// How much room the server takes.
#[derive(Serialize, ToSchema)]
#[schema(as = Storage)]
pub(crate) struct Answer {
    tiers: Vec<TierSize>,
    /// Bytes that are free for the databases, if they are files of this machine.
    free_bytes: Option<u64>,
}

/// How much room a tier takes.
#[derive(Serialize, ToSchema)]
struct TierSize {
    /// `state` is to be backed up, `index` can be built again.
    name: &'static str,
    bytes: u64,
}

pub(super) fn route() -> Route<Admin> {
    Route::get("/admin/storage", STATS_READ, "Show how much room the server takes", storage)
        .operation_id("getStorage")
        .gives::<Answer>(StatusCode::OK)
}

async fn storage(State(admin): State<Admin>) -> Result<Json<Answer>, Problem> {
    let mut tiers = Vec::new();
    for (name, database) in [("state", &admin.store.state), ("index", &admin.store.index)] {
        tiers.push(TierSize { name, bytes: database.bytes().await.map_err(Problem::internal)? });
    }
    let free_bytes = admin.store.state.file().and_then(Path::parent).and_then(free);
    Ok(Json(Answer { tiers, free_bytes }))
}

/// Bytes that whoever runs the server may still write in a folder.
fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}
