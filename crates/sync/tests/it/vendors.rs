//! Stand-ins of the vendors that voice needs.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use outbound::{Outbound, OutboundConfig, Policy};
use serde_json::{Value, json};
use sync::{ElevenLabs, RevenueCat, Voice};
use tokio::net::TcpListener;
use url::Url;

/// What a vendor answers next.
#[derive(Clone)]
pub(crate) enum Mood {
    Well,
    Status(u16),
    Body(String),
    Silent,
}

/// Both vendors.
pub(crate) struct Vendors {
    /// Seconds of the conversations that somebody has had.
    pub(crate) talks: Mutex<HashMap<String, Vec<i64>>>,
    /// Who pays.
    pub(crate) payers: Mutex<Vec<String>>,
    pub(crate) list: Mutex<Mood>,
    pub(crate) token: Mutex<Mood>,
    pub(crate) customer: Mutex<Mood>,
    /// Whether a granted conversation is listed at once.
    pub(crate) lists_at_once: AtomicBool,
    /// Paths and queries that were asked.
    pub(crate) asked: Mutex<Vec<String>>,
}

impl Vendors {
    fn note(&self, path: &str, query: &HashMap<String, String>) {
        let mut query: Vec<_> = query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        query.sort();
        self.asked.lock().unwrap().push(format!("{path}?{}", query.join("&")));
    }

    pub(crate) fn asked(&self, what: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|path| path.contains(what)).count()
    }
}

async fn answer(mood: &Mutex<Mood>, well: impl FnOnce() -> Value) -> Response {
    let mood = mood.lock().unwrap().clone();
    match mood {
        Mood::Well => Json(well()).into_response(),
        Mood::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Mood::Body(body) => body.into_response(),
        Mood::Silent => std::future::pending().await,
    }
}

type Asked = Query<HashMap<String, String>>;

async fn list(State(vendors): State<Arc<Vendors>>, headers: HeaderMap, Query(query): Asked) -> Response {
    assert_eq!(headers["xi-api-key"], "eleven-secret");
    vendors.note("list", &query);
    answer(&vendors.list, || {
        let talks = vendors.talks.lock().unwrap().get(&query["user_id"]).cloned().unwrap_or_default();
        let size: usize = query["page_size"].parse().unwrap();
        let from: usize = query.get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
        // A vendor may send less than it was asked for.
        let until = (from + size.min(40)).min(talks.len());
        let since: i64 = query["call_start_after_unix"].parse().unwrap();
        let one = |index: usize| {
            json!({ "conversation_id": format!("conv_{index}"), "agent_id": "agent", "status": "done",
                    "start_time_unix_secs": since + 60, "call_duration_secs": talks[index] })
        };
        let more = until < talks.len();
        json!({ "conversations": (from..until).map(one).collect::<Vec<_>>(), "has_more": more,
                "next_cursor": more.then(|| until.to_string()) })
    })
    .await
}

async fn token(State(vendors): State<Arc<Vendors>>, headers: HeaderMap, Query(query): Asked) -> Response {
    assert_eq!(headers["xi-api-key"], "eleven-secret");
    vendors.note("token", &query);
    answer(&vendors.token, || {
        let mut talks = vendors.talks.lock().unwrap();
        let talks = talks.entry(query["participant_name"].clone()).or_default();
        let id = format!("conv_{}", talks.len());
        if vendors.lists_at_once.load(Ordering::Relaxed) {
            talks.push(0);
            return json!({ "token": "a.b.c", "conversation_id": id });
        }
        json!({ "token": "a.b.c", "conversation_id": format!("conv_new{}", vendors.asked("token")) })
    })
    .await
}

async fn customer(vendors: &Vendors, headers: &HeaderMap, id: &str, well: fn(bool) -> Value) -> Response {
    assert_eq!(headers["authorization"], "Bearer cat-secret");
    vendors.note("customer", &HashMap::new());
    answer(&vendors.customer, || well(vendors.payers.lock().unwrap().iter().any(|payer| payer == id))).await
}

async fn subscriber(
    State(vendors): State<Arc<Vendors>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    customer(&vendors, &headers, &id, |pays| {
        let date = if pays { "2999-01-01T00:00:00Z" } else { "2001-01-01T00:00:00Z" };
        json!({ "subscriber": { "entitlements": { "pro": { "expires_date": date } } } })
    })
    .await
}

async fn entitlements(
    State(vendors): State<Arc<Vendors>>,
    headers: HeaderMap,
    Path((project, id)): Path<(String, String)>,
) -> Response {
    assert_eq!(project, "proj1");
    customer(&vendors, &headers, &id, |pays| {
        let items = if pays { json!([{ "entitlement_id": "e", "expires_at": null }]) } else { json!([]) };
        json!({ "object": "list", "items": items, "next_page": null })
    })
    .await
}

pub(crate) async fn vendors(project: Option<&str>) -> (Arc<Vendors>, Voice) {
    let well = || Mutex::new(Mood::Well);
    let vendors = Arc::new(Vendors {
        talks: Mutex::default(),
        payers: Mutex::default(),
        list: well(),
        token: well(),
        customer: well(),
        lists_at_once: AtomicBool::new(true),
        asked: Mutex::default(),
    });
    let router = Router::new()
        .route("/v1/convai/conversations", get(list))
        .route("/v1/convai/conversation/token", get(token))
        .route("/v1/subscribers/{id}", get(subscriber))
        .route("/v2/projects/{project}/customers/{id}/active_entitlements", get(entitlements))
        .with_state(vendors.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let config = OutboundConfig { policy: Policy::development(), ..OutboundConfig::default() };
    let outbound = Outbound::new(config).unwrap();
    let project = project.map(str::to_owned);
    let voice = Voice {
        elevenlabs: Some(ElevenLabs::new(outbound.clone(), url.clone(), "eleven-secret").unwrap()),
        revenuecat: Some(RevenueCat::new(outbound, url, "cat-secret", project).unwrap()),
    };
    assert!(!format!("{voice:?}").contains("secret"));
    (vendors, voice)
}
