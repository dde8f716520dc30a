//! `PUT` and `DELETE /api/registry/repos/avatar`: the picture of a repository, a blob of its owner's.

use axum::body::Bytes;
use axum::extract::State;
use http::StatusCode;
use server::{Problem, Query};

use super::named::Named;
use super::visit::Visit;
use crate::lexicon::{self, Avatar};
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Bytes of a picture.
pub(super) const MAX_BYTES: usize = 3_000_000;

/// What a picture is, by how it begins: nobody's word is taken for it.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

pub(super) async fn put(
    State(registry): State<Registry>,
    visit: Visit,
    Query(named): Query<Named>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let media_type = kind(&body).ok_or_else(|| {
        let text = "the picture is none: send PNG, JPEG or WebP of at most 3,000,000 bytes";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text)
    })?;
    let (repository, author) = registry.own(&visit, &named.repository).await?;
    let _turn = registry.turns.of(&repository.owner).await?;
    let (rkey, mut record) = registry.page_to_write(&visit, &repository).await?;
    let size = body.len();
    let blob = author.upload(media_type, body).await.map_err(Refusal::from)?;
    record.insert("avatar".to_owned(), Avatar { blob, media_type, size }.to_json());
    registry.put(&author, lexicon::page_collection(), rkey, record).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove(
    State(registry): State<Registry>,
    visit: Visit,
    Query(named): Query<Named>,
) -> Result<StatusCode, Problem> {
    let (repository, author) = registry.own(&visit, &named.repository).await?;
    let _turn = registry.turns.of(&repository.owner).await?;
    let (rkey, mut record) = registry.page_to_write(&visit, &repository).await?;
    if record.remove("avatar").is_some() {
        registry.put(&author, lexicon::page_collection(), rkey, record).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_what_it_begins_as() {
        for (bytes, expected) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"<svg onload=alert(1)>", None),
            (b"GIF89a", None),
            (b"", None),
        ] {
            assert_eq!(kind(bytes), expected);
        }
    }
}
