//! `POST /api/v1/apps`: a client registers itself; `GET /api/v1/apps/verify_credentials`: it asks whether it is.

use axum::extract::State;
use clock::now_micros;
use serde::Serialize;
use server::{Json, Problem};
use social::Id;
use store::v;

use super::client::{Client, OUT_OF_BAND, Registration};
use super::scope::Scopes;
use crate::caller::Known;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::services::Services;

/// A client, as clients see themselves.
#[derive(Serialize)]
pub(super) struct Application {
    id: Id,
    name: String,
    website: Option<String>,
    scopes: Vec<&'static str>,
    redirect_uris: Vec<String>,
    /// As it was when there was only one.
    redirect_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<u8>,
    /// No pushes are sent.
    vapid_key: &'static str,
}

impl Application {
    fn new(client: Client, secret: Option<String>) -> Self {
        let client_id = secret.is_some().then_some(client.client_id);
        Self {
            id: client.id,
            name: client.name,
            website: client.website,
            scopes: client.scopes.iter().collect(),
            redirect_uri: client.redirect_uris.join("\n"),
            redirect_uris: client.redirect_uris,
            client_id,
            client_secret_expires_at: secret.is_some().then_some(0),
            client_secret: secret,
            vapid_key: "",
        }
    }
}

pub(super) async fn register(
    State(services): State<Services>,
    form: Fields,
) -> Result<Json<Application>, Problem> {
    let uris =
        form.list("redirect_uris").flat_map(str::split_whitespace).map(str::to_owned).collect::<Vec<_>>();
    let unknown = || Refusal::invalid("scopes has one that does not exist on this server");
    let registration = Registration {
        name: form.text("client_name").unwrap_or_default().trim().to_owned(),
        website: form.filled("website").map(str::to_owned),
        redirect_uris: if uris.is_empty() { vec![OUT_OF_BAND.to_owned()] } else { uris },
        scopes: Scopes::parse(form.text("scopes").unwrap_or_default()).ok_or_else(unknown)?,
    };
    registration.check()?;
    let written = services.state().write(move |conn| registration.write(conn, now_micros())).await;
    let (client, secret) = written.map_err(Refusal::from)?;
    Ok(Json(Application::new(client, Some(secret))))
}

pub(super) async fn verify(
    State(services): State<Services>,
    known: Known,
) -> Result<Json<Application>, Problem> {
    let app = known.token.app;
    let found = services.state().read_brief(move |conn| {
        let sql = "SELECT client_id FROM social_oauth_apps WHERE id = $1";
        let id = conn.query_opt(sql, &[v(app)], |row| row.string(0))?;
        id.map_or(Ok(None), |id| Client::find(conn, &id))
    });
    let client = found.await.map_err(Refusal::from)?.ok_or(Refusal::NotFound)?;
    Ok(Json(Application::new(client, None)))
}
