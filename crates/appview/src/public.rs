//! What anybody may know about this server.

use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use server::{Access, Cors, Json, Mount, Route, standard_errors};
use store::Engine;

/// Values for `GET /config` (spec/appview.md §3.8).
#[derive(Clone, Debug)]
pub struct PublicConfig {
    /// The server's external origin.
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
    /// The operator's name for the server.
    pub app_name: Option<String>,
    /// The operator's picture of it.
    pub logo_url: Option<String>,
    /// What is wrong with the configuration, in sentences.
    pub config_errors: Vec<String>,
}

/// The document's wire shape.
#[derive(Serialize)]
struct Document<'a> {
    public_url: &'a str,
    version: &'static str,
    database_backend: &'static str,
    jetstream_url: &'a str,
    relay_url: &'a str,
    plc_url: &'a str,
    default_rate_limit_capacity: u32,
    default_rate_limit_refill_rate: f64,
    app_name: Option<&'a str>,
    logo_url: Option<&'a str>,
    features: Features,
    #[serde(rename = "configErrors")]
    config_errors: &'a [String],
}

#[derive(Serialize)]
struct Features {
    spaces: bool,
}

/// `/config`, one document that does not change while the server runs.
pub(crate) fn mount(config: &PublicConfig, engine: Engine) -> Mount {
    let document = document(config, engine);
    Mount { cors: Some(Cors::xrpc()), ..Mount::new("/config", standard_errors) }
        .routes(&document, [Route::get("/config", Access::Public, "Describe the server", show)])
}

async fn show(State(document): State<Value>) -> Json<Value> {
    Json(document)
}

fn document(config: &PublicConfig, engine: Engine) -> Value {
    serde_json::json!(Document {
        public_url: &config.public_url,
        version: config.version,
        database_backend: engine.name(),
        jetstream_url: &config.jetstream_url,
        relay_url: &config.relay_url,
        plc_url: &config.plc_url,
        default_rate_limit_capacity: config.default_rate_limit_capacity,
        default_rate_limit_refill_rate: config.default_rate_limit_refill_rate,
        app_name: config.app_name.as_deref(),
        logo_url: config.logo_url.as_deref(),
        features: Features { spaces: false },
        config_errors: &config.config_errors,
    })
}
