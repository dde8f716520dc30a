//! A server that answers as GitHub does, for people whom it knows by their codes.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use image::{ImageFormat, RgbImage};
use outbound::Outbound;
use serde_json::{Value, json};
use sync::OAuthApp;
use tokio::net::TcpListener;
use url::Url;

#[derive(Default)]
struct World {
    /// Profiles by code.
    people: HashMap<String, Value>,
    pictures: HashMap<String, Vec<u8>>,
    /// What it was asked for.
    asked: Vec<String>,
    /// In the place of every answer.
    instead: Option<(StatusCode, String)>,
    /// Never answers.
    is_mute: bool,
}

#[derive(Clone)]
pub(super) struct StandIn {
    world: Arc<Mutex<World>>,
    pub(super) url: Url,
}

impl StandIn {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let stand_in = Self { world: Arc::default(), url };
        let router = Router::new()
            .route("/login/oauth/access_token", post(exchange))
            .route("/api/v3/user", get(user))
            .route("/pictures/{name}", get(picture))
            .with_state(stand_in.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        stand_in
    }

    /// A relay as it knows it.
    pub(super) fn app(&self, outbound: Outbound) -> OAuthApp {
        OAuthApp {
            outbound,
            url: self.url.clone(),
            client_id: "relay".to_owned(),
            client_secret: "hush".to_owned(),
            redirect_url: Url::parse("https://relay.example/v1/connect/github/callback").unwrap(),
        }
    }

    /// Somebody it knows by a code, with a picture.
    pub(super) fn knows(&self, code: &str, id: u64, login: &str, picture: &str) {
        let profile = json!({
            "id": id, "login": login, "name": format!("{login} van Dyke"), "email": null, "bio": "Hello",
            "avatar_url": format!("{}pictures/{picture}", self.url), "plan": { "name": "free" },
        });
        self.knows_as(code, profile);
    }

    pub(super) fn knows_as(&self, code: &str, profile: Value) {
        self.world.lock().unwrap().people.insert(code.to_owned(), profile);
    }

    pub(super) fn has_picture(&self, name: &str, content: Vec<u8>) {
        self.world.lock().unwrap().pictures.insert(name.to_owned(), content);
    }

    pub(super) fn answers_instead(&self, status: StatusCode, body: &str) {
        self.world.lock().unwrap().instead = Some((status, body.to_owned()));
    }

    pub(super) fn falls_silent(&self) {
        self.world.lock().unwrap().is_mute = true;
    }

    pub(super) fn asked(&self) -> Vec<String> {
        self.world.lock().unwrap().asked.clone()
    }

    async fn hears(&self, what: &str) -> Option<(StatusCode, String)> {
        let (is_mute, instead) = {
            let mut world = self.world.lock().unwrap();
            world.asked.push(what.to_owned());
            (world.is_mute, world.instead.clone())
        };
        if is_mute {
            std::future::pending::<()>().await;
        }
        instead
    }
}

async fn exchange(State(stand_in): State<StandIn>, Json(body): Json<Value>) -> impl IntoResponse {
    if let Some(instead) = stand_in.hears("exchange").await {
        return instead;
    }
    let code = body["code"].as_str().unwrap_or_default();
    let knows = stand_in.world.lock().unwrap().people.contains_key(code);
    let answer = match (&body["client_id"], &body["client_secret"]) {
        (id, secret) if id != "relay" || secret != "hush" => {
            json!({ "error": "incorrect_client_credentials" })
        }
        _ if !knows => json!({ "error": "bad_verification_code", "error_description": "…" }),
        _ => json!({ "access_token": format!("gho_{code}"), "scope": "read:user", "token_type": "bearer" }),
    };
    (StatusCode::OK, answer.to_string())
}

async fn user(State(stand_in): State<StandIn>, headers: HeaderMap) -> impl IntoResponse {
    if let Some(instead) = stand_in.hears("user").await {
        return instead;
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let code = header("authorization").strip_prefix("Bearer gho_").unwrap_or_default();
    assert!(header("user-agent").starts_with("belvedere/"), "GitHub answers nobody without a name");
    match stand_in.world.lock().unwrap().people.get(code) {
        Some(profile) => (StatusCode::OK, profile.to_string()),
        None => (StatusCode::UNAUTHORIZED, json!({ "message": "Bad credentials" }).to_string()),
    }
}

async fn picture(
    State(stand_in): State<StandIn>,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> impl IntoResponse {
    assert!(!headers.contains_key("authorization"), "a picture is nobody's secret");
    stand_in.hears(&name).await;
    let found = stand_in.world.lock().unwrap().pictures.get(&name).cloned();
    found.ok_or(StatusCode::NOT_FOUND)
}

/// A picture of this size.
pub(crate) fn drawn(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([x, y, 90].map(|shade| u8::try_from(shade % 256).unwrap()))
    });
    let mut to = Cursor::new(Vec::new());
    picture.write_to(&mut to, format).unwrap();
    to.into_inner()
}
