//! Pictures in a folder and in a bucket, and the end of those that nobody posted.

use blobs::{Bucket, Location};
use bytes::Bytes;
use social::media::{Kind, MediaStore, Picture, remove_unused};
use social::thoughts::{self, NewContent, NewThought};
use social::{Error, Id, Visibility};
use store::v;
use testkit::S3Service;
use uuid::Uuid;

use crate::people::{Place, on_each};

const HOUR: i64 = 3_600_000_000;

fn picture(content: &'static [u8]) -> Picture {
    let content = Bytes::from_static(content);
    Picture { content, kind: Kind::Png, width: 1, height: 1, blurhash: String::new() }
}

/// A picture of somebody's, with its file, as of a moment.
async fn uploaded(place: &Place, media: &MediaStore, owner: Id, role: &str, at: i64) -> (Id, String) {
    let path = media.put(Uuid::nil(), role, &picture(b"a picture")).await.unwrap();
    let kept = path.clone();
    let id = place.change(move |conn| {
        let uuid = Uuid::new_v4().to_string();
        let sql = "INSERT INTO social_attachments (id, uuid, user_id, media_type, path, created_at)
                   VALUES ($1, $2, $3, 'image/png', $4, $5) ON CONFLICT DO NOTHING";
        let id = Id::insert(conn, "social_attachments", at, |conn, id| {
            conn.execute(sql, &[id.into(), v(&uuid), owner.into(), v(&kept), v(at)])
        })?;
        Ok(id.unwrap())
    });
    (id.await.unwrap(), path)
}

/// Where pictures can be.
fn stores(dir: &std::path::Path, service: Option<&S3Service>) -> Vec<MediaStore> {
    let bucket = service.map(|service| {
        MediaStore::Bucket(Bucket::new(Location::parse(&service.good_url()).unwrap()).unwrap())
    });
    [MediaStore::Folder(dir.join("pictures"))].into_iter().chain(bucket).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_posted_is_removed_after_a_day() {
    let service = S3Service::start();
    let service = service.as_ref();
    on_each(|place| async move {
        let dir = tempfile::tempdir().unwrap();
        for media in stores(dir.path(), service) {
            let author = place.local(Box::leak(format!("a{}", place.now()).into_boxed_str())).await;
            let now = place.now();
            let (_, old) = uploaded(&place, &media, author.id, "old", now - 25 * HOUR).await;
            let (_, young) = uploaded(&place, &media, author.id, "young", now - 23 * HOUR).await;
            let (id, posted) = uploaded(&place, &media, author.id, "posted", now - 25 * HOUR).await;
            let (addresses, writer) = (place.addresses.clone(), author.clone());
            let thought = place.change(move |conn| {
                let content = NewContent { content: "look".into(), ..NewContent::default() };
                let visibility = Some(Visibility::Public);
                let new = NewThought { content, in_reply_to: None, visibility, attachments: vec![id] };
                Ok(thoughts::create(conn, now, &addresses, &writer, &new)?.id)
            });
            let thought = thought.await.unwrap();
            let is_there = async |path: &str| media.get(path).await.unwrap().is_some();
            assert_eq!(media.get(&old).await.unwrap(), Some((Kind::Png, Bytes::from_static(b"a picture"))));

            assert_eq!(remove_unused(&place.state, &media, now).await.unwrap(), 1);
            assert_eq!(
                (is_there(&old).await, is_there(&young).await, is_there(&posted).await),
                (false, true, true)
            );
            assert_eq!(remove_unused(&place.state, &media, now).await.unwrap(), 0);

            let (addresses, writer) = (place.addresses.clone(), author.id);
            place.change(move |conn| thoughts::delete(conn, now, &addresses, writer, thought)).await.unwrap();
            assert_eq!(remove_unused(&place.state, &media, now).await.unwrap(), 1, "with the thought");
            assert!(!is_there(&posted).await && is_there(&young).await);
            assert_eq!(remove_unused(&place.state, &media, now + 2 * HOUR).await.unwrap(), 1);
            assert!(!is_there(&young).await);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_cannot_be_reached_is_tried_again_and_nobody_posts_meanwhile() {
    on_each(|place| async move {
        let dir = tempfile::tempdir().unwrap();
        let media = MediaStore::Folder(dir.path().join("pictures"));
        let nowhere = Location::parse("s3://key:secret@127.0.0.1:1/bucket?tls=false").unwrap();
        let nowhere = MediaStore::Bucket(Bucket::new(nowhere).unwrap());
        let (author, now) = (place.local("author").await, place.now());
        let (id, path) = uploaded(&place, &media, author.id, "old", now - 25 * HOUR).await;
        assert!(matches!(remove_unused(&place.state, &nowhere, now).await, Err(Error::Media(_))));
        let addresses = place.addresses.clone();
        let posted = place.change(move |conn| {
            let content = NewContent { content: "look".into(), ..NewContent::default() };
            let new = NewThought { content, in_reply_to: None, visibility: None, attachments: vec![id] };
            thoughts::create(conn, now, &addresses, &author, &new)
        });
        assert!(matches!(posted.await, Err(Error::Invalid(_))), "its file may be gone");
        assert_eq!(remove_unused(&place.state, &media, now).await.unwrap(), 1);
        assert_eq!(media.get(&path).await.unwrap(), None);
    })
    .await;
}
