//! `dev.happyview.*ApiClient*`: users of an app make clients of their own below it (spec/appview.md §3.6).

mod create;
mod list;
mod remove;
mod show;
mod view;

pub(super) use create::create;
pub(super) use list::list;
pub(super) use remove::remove;
pub(super) use show::show;

use server::Caller;

use super::through::Through;
use crate::clients::{ApiClient, ClientError, Clients};

/// A caller who may manage clients below the app they come through; a child has no children.
async fn manager(clients: &Clients, caller: Option<Caller>) -> Result<Through, ClientError> {
    let through = Through::of(clients, caller).await?;
    match through.client.parent_client_id {
        None => Ok(through),
        Some(_) => Err(ClientError::unauthenticated("child clients cannot manage API clients")),
    }
}

/// A client of the caller; nobody learns of others.
async fn owned(clients: &Clients, through: &Through, id: &str) -> Result<ApiClient, ClientError> {
    let client = clients.get(id).await?;
    let is_child = client.parent_client_id.as_ref() == Some(&through.client.id);
    let is_theirs = client.owner_did.as_ref() == Some(&through.did);
    if is_child && is_theirs { Ok(client) } else { Err(ClientError::NoSuchClient) }
}
