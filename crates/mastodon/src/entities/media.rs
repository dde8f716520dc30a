//! `MediaAttachment`: a picture of a status.

use serde::Serialize;
use serde_json::{Value, json};
use social::thoughts::Attachment;
use social::{Addresses, Id};

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Media {
    pub(crate) id: Id,
    #[serde(rename = "type")]
    kind: &'static str,
    pub(crate) url: Option<String>,
    preview_url: Option<String>,
    remote_url: Option<String>,
    preview_remote_url: Option<String>,
    text_url: Option<String>,
    meta: Value,
    pub(crate) description: Option<String>,
    blurhash: Option<String>,
}

impl Media {
    pub(crate) fn new(picture: &Attachment, addresses: &Addresses) -> Self {
        let kind = match picture.media_type.split('/').next() {
            Some("image") => "image",
            Some("video") => "video",
            Some("audio") => "audio",
            _ => "unknown",
        };
        let here = picture.path.as_deref().map(|path| addresses.media(path));
        let url = here.or_else(|| picture.remote_url.clone());
        Self {
            id: picture.id,
            kind,
            preview_url: url.clone().filter(|_| kind == "image"),
            url,
            preview_remote_url: None,
            remote_url: picture.remote_url.clone(),
            text_url: None,
            meta: meta(picture.width.zip(picture.height), picture.focus.as_deref()),
            description: picture.description.clone(),
            blurhash: picture.blurhash.clone(),
        }
    }
}

fn meta(size: Option<(i64, i64)>, focus: Option<&str>) -> Value {
    let mut meta = json!({});
    if let Some((width, height)) = size.filter(|(_, height)| *height > 0) {
        #[expect(clippy::cast_precision_loss, reason = "pictures are far smaller than 2^53")]
        let aspect = width as f64 / height as f64;
        let size = json!({ "width": width, "height": height, "size": format!("{width}x{height}"), "aspect": aspect });
        meta["original"] = size.clone();
        meta["small"] = size;
    }
    let point = focus.and_then(|focus| focus.split_once(','));
    let point = point.and_then(|(x, y)| Some((x.trim().parse::<f64>().ok()?, y.trim().parse::<f64>().ok()?)));
    if let Some((x, y)) = point {
        meta["focus"] = json!({ "x": x, "y": y });
    }
    meta
}
