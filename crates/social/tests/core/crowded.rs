//! Moments of which many ids are taken: what happens then finds one that is free.

use social::{Id, Visibility, reactions};

use crate::people::{Place, on_each};

/// Thoughts that take a quarter of the ids of a millisecond, and as many likes and notifications.
async fn crowd(place: &Place, at: i64, filler: Id) {
    let first = Id::first_at(at);
    let numbers =
        "WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 4 FROM n WHERE i < 65532)";
    let done = place.change(move |conn| {
        for sql in [
            format!(
                "{numbers} INSERT INTO social_thoughts (id, uuid, user_id, content, search_text, thread_id, visibility, local, created_at)
                 SELECT {first} + i, 't' || i, {filler}, 'x', 'x', {first} + i, 'unlisted', 1, 1 FROM n"
            ),
            format!("{numbers} INSERT INTO social_thought_counts (thought_id) SELECT {first} + i FROM n"),
            format!(
                "{numbers} INSERT INTO social_likes (id, uuid, user_id, thought_id, created_at)
                 SELECT {first} + i, 'l' || i, {filler}, {first} + i, 1 FROM n"
            ),
        ] {
            conn.execute(&sql, &[])?;
        }
        Ok(())
    });
    done.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_that_are_taken_are_in_nobodys_way() {
    on_each(|place| async move {
        let (author, fan) = (place.local("author").await, place.local("fan").await);
        let at = place.now();
        crowd(&place, at, author.id).await;
        for n in 0..60 {
            let (addresses, author, fan) = (place.addresses.clone(), author.clone(), fan.clone());
            let done = place.change(move |conn| {
                let content = social::thoughts::NewContent {
                    content: format!("at once {n}"),
                    ..social::thoughts::NewContent::default()
                };
                let new = social::thoughts::NewThought {
                    content,
                    in_reply_to: None,
                    visibility: Some(Visibility::Public),
                    attachments: Vec::new(),
                };
                let id = social::thoughts::create(conn, at, &addresses, &author, &new)?.id;
                let liked = reactions::like(conn, at, &fan, id, None)?;
                assert!(
                    liked.is_new && liked.notified.is_some(),
                    "a like that met another one is no repetition"
                );
                assert!(!reactions::like(conn, at, &fan, id, None)?.is_new, "and one that is there is");
                Ok(id)
            });
            let id = done.await.unwrap();
            assert!(id >= Id::first_at(at) && id < Id::first_at(at + 1000));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_without_ids_is_an_error_and_not_a_walk_without_end() {
    on_each(|place| async move {
        let at = place.now();
        let refused = place.change(move |conn| {
            let first = Id::first_at(at);
            let numbers = "WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 65535)";
            conn.execute(
                &format!("{numbers} INSERT INTO social_tags (id, name) SELECT {first} + i, 't' || i FROM n"),
                &[],
            )?;
            let sql = "INSERT INTO social_tags (id, name) VALUES ($1, 'new') ON CONFLICT DO NOTHING";
            Ok(Id::insert(conn, "social_tags", at, |conn, id| conn.execute(sql, &[id.into()]))?)
        });
        let error = refused.await.unwrap_err().to_string();
        assert!(error.contains("none of 32 ids"), "{error}");
    })
    .await;
}
