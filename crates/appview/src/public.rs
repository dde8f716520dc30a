//! What anybody may know about this server.

use std::sync::Arc;

use accounts::Settings;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use server::{Access, Cors, Json, Mount, Route, standard_errors};
use store::Engine;
use utoipa::ToSchema;

/// Values for `GET /config` (spec/appview.md §3.8) that do not change while the server runs.
#[derive(Clone, Debug)]
pub struct PublicConfig {
    /// The server's external origin and the path in front of all others; no slash at the end.
    pub public_url: String,
    /// The server's version.
    pub version: &'static str,
    /// The stream it follows.
    pub jetstream_url: String,
    /// The relay it discovers repositories at.
    pub relay_url: String,
    /// The directory of `did:plc` identities.
    pub plc_url: String,
    /// Tokens of a client that has no limit of its own.
    pub default_rate_limit_capacity: u32,
    /// Tokens it gets back per second.
    pub default_rate_limit_refill_rate: f64,
    /// What is wrong with the configuration, in sentences.
    pub config_errors: Vec<String>,
}

/// What the handler works with.
#[derive(Clone)]
struct Public {
    config: Arc<PublicConfig>,
    engine: Engine,
    settings: Settings,
}

/// What this server is.
#[derive(Serialize, ToSchema)]
#[schema(as = Config)]
struct Document {
    public_url: String,
    version: &'static str,
    database_backend: &'static str,
    jetstream_url: String,
    relay_url: String,
    plc_url: String,
    default_rate_limit_capacity: u32,
    default_rate_limit_refill_rate: f64,
    #[schema(required)]
    app_name: Option<String>,
    #[schema(required)]
    logo_url: Option<String>,
    features: Features,
    #[serde(rename = "configErrors")]
    config_errors: Vec<String>,
}

/// What is switched on.
#[derive(Serialize, ToSchema)]
#[schema(as = ConfigFeatures)]
struct Features {
    spaces: bool,
}

/// `/config`.
pub(crate) fn mount(config: PublicConfig, engine: Engine, settings: Settings) -> Mount {
    let public = Public { config: Arc::new(config), engine, settings };
    let route = Route::get("/config", Access::Public, "Describe the server", show)
        .operation_id("getConfig")
        .gives::<Document>(StatusCode::OK);
    Mount { cors: Some(Cors::xrpc()), ..Mount::new("/config", standard_errors) }.routes(&public, [route])
}

async fn show(State(Public { config, engine, settings }): State<Public>) -> Json<Document> {
    let PublicConfig { public_url, version, jetstream_url, relay_url, plc_url, .. } =
        PublicConfig::clone(&config);
    let settings = settings.current();
    let own_logo = settings.has_logo.then(|| format!("{public_url}/settings/logo"));
    Json(Document {
        version,
        database_backend: engine.name(),
        jetstream_url,
        relay_url,
        plc_url,
        default_rate_limit_capacity: config.default_rate_limit_capacity,
        default_rate_limit_refill_rate: config.default_rate_limit_refill_rate,
        app_name: settings.app_name.clone(),
        logo_url: own_logo.or_else(|| settings.logo_uri.clone()),
        // They do not exist here.
        features: Features { spaces: false },
        config_errors: config.config_errors.clone(),
        public_url,
    })
}
