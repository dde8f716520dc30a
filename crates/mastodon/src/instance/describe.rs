//! `GET /api/v1/instance`, `GET /api/v2/instance`: what the server is and how much it takes.

use axum::extract::State;
use serde_json::{Value, json};
use server::{Json, Problem};

use crate::entities::picture;
use crate::refusal::Refusal;
use crate::services::Services;
use crate::streaming;

/// Whose API this is like: clients read the number, and switch on what it has.
const VERSION: &str = concat!("4.2.0 (compatible; Belvedere ", env!("CARGO_PKG_VERSION"), ")");

/// Pictures of one status.
pub(crate) const MAX_MEDIA: usize = 4;

pub(crate) const MEDIA_TYPES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// Pixels of one picture (spec/social.md §7.2).
const MAX_PIXELS: u64 = 40_000_000;

/// How many use this server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    users: i64,
    active: i64,
    thoughts: i64,
    hosts: i64,
}

/// Counted in one statement, at most once a minute: anybody may ask.
async fn numbers(services: &Services) -> Result<Numbers, Refusal> {
    if let Some(numbers) = services.numbers.get(&()) {
        return Ok(numbers);
    }
    let numbers = count(services).await?;
    services.numbers.insert((), numbers);
    Ok(numbers)
}

async fn count(services: &Services) -> Result<Numbers, Refusal> {
    let since = clock::now_micros() - 30 * 24 * 3600 * 1_000_000;
    let read = services.state().read(move |conn| {
        conn.query_one(
            "SELECT (SELECT count(*) FROM social_users WHERE host IS NULL AND deleted_at IS NULL AND kind = 'Person'),
                    (SELECT count(*) FROM social_users WHERE host IS NULL AND active_at >= $1),
                    (SELECT count(*) FROM social_thoughts WHERE local = 1 AND visibility = 'public'),
                    (SELECT count(DISTINCT host) FROM social_users WHERE host IS NOT NULL)",
            &[store::v(since)],
            |row| {
                let (users, active) = (row.int(0)?, row.int(1)?);
                Ok::<_, store::Error>(Numbers { users, active, thoughts: row.int(2)?, hosts: row.int(3)? })
            },
        )
    });
    Ok(read.await?)
}

fn configuration(services: &Services) -> Value {
    let config = services.social.config();
    json!({
        "accounts": { "max_featured_tags": 0, "max_pinned_statuses": 0 },
        "statuses": {
            "max_characters": config.max_characters,
            "max_media_attachments": MAX_MEDIA,
            "characters_reserved_per_url": 0,
        },
        "media_attachments": {
            "supported_mime_types": MEDIA_TYPES,
            "description_limit": 1500,
            "image_size_limit": config.upload_max_bytes,
            "image_matrix_limit": MAX_PIXELS,
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        },
        "polls": { "max_options": 0, "max_characters_per_option": 0, "min_expiration": 0, "max_expiration": 0 },
        "translation": { "enabled": false },
    })
}

pub(super) async fn first(State(services): State<Services>) -> Result<Json<Value>, Problem> {
    let numbers = numbers(&services).await?;
    Ok(Json(json!({
        "uri": services.addresses().domain(),
        "title": title(&services),
        "short_description": services.social.config().description,
        "description": services.social.config().description,
        "email": "",
        "version": VERSION,
        "urls": { "streaming_api": streaming::address(services.base()) },
        "stats": { "user_count": numbers.users, "status_count": numbers.thoughts, "domain_count": numbers.hosts },
        "thumbnail": null,
        "languages": ["en"],
        "registrations": false,
        "approval_required": false,
        "invites_enabled": false,
        "configuration": configuration(&services),
        "contact_account": null,
        "rules": [],
    })))
}

fn title(services: &Services) -> &str {
    services.social.config().name.as_deref().unwrap_or(services.addresses().domain())
}

pub(super) async fn second(State(services): State<Services>) -> Result<Json<Value>, Problem> {
    let numbers = numbers(&services).await?;
    let mut configuration = configuration(&services);
    configuration["urls"] = json!({ "streaming": streaming::address(services.base()) });
    configuration["vapid"] = json!({ "public_key": "" });
    Ok(Json(json!({
        "domain": services.addresses().domain(),
        "title": title(&services),
        "version": VERSION,
        "source_url": "",
        "description": services.social.config().description,
        "usage": { "users": { "active_month": numbers.active } },
        "thumbnail": { "url": picture(services.addresses(), "header") },
        "icon": [],
        "languages": ["en"],
        "configuration": configuration,
        // People register with the microblog itself.
        "registrations": { "enabled": false, "approval_required": false, "message": null, "url": null },
        "api_versions": { "mastodon": 1 },
        "contact": { "email": "", "account": null },
        "rules": [],
    })))
}
