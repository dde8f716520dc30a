//! An avatar from where its owner has it already.

use bytes::Bytes;
use http::Method;
use outbound::Outbound;
use url::Url;

use super::picture::MAX_BYTES;
use super::{NewAvatar, Picture};
use crate::services::Services;

/// Fetches it and stores its bytes, if that is where they go; what is left is for [`put`](super::put). Nobody is kept from
/// anything by a picture that cannot be had: it is left out.
pub(crate) async fn fetch(
    services: &Services,
    outbound: &Outbound,
    account: &str,
    source: &str,
) -> Option<NewAvatar> {
    let content = match download(outbound, source).await {
        Ok(content) => content,
        Err(reason) => {
            tracing::info!(reason, "an avatar was not fetched");
            return None;
        }
    };
    let picture = match Picture::read(content).await {
        Ok(picture) => picture,
        Err(reason) => {
            tracing::info!(%reason, "an avatar was not taken");
            return None;
        }
    };
    match NewAvatar::stow(services, account, source, picture).await {
        Ok(avatar) => Some(avatar),
        Err(error) => {
            tracing::warn!(%error, "an avatar was not stored");
            None
        }
    }
}

async fn download(outbound: &Outbound, source: &str) -> Result<Bytes, String> {
    let url = Url::parse(source).map_err(|error| error.to_string())?;
    let request = outbound.request(Method::GET, &url).accept("image/png, image/jpeg").max_bytes(MAX_BYTES);
    let answer = request.send().await.and_then(outbound::Response::success);
    answer.map(|answer| answer.body).map_err(|error| error.to_string())
}
