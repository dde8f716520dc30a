//! Search: every word, in whatever case and script, and people by what they are called.

use social::feeds::Span;
use social::search::{Words, build, people, thoughts};
use social::thoughts::{NewContent, edit};
use social::users::{Changes, update};
use social::{Id, Visibility};

use crate::people::{Place, added, on_each};

async fn found(place: &Place, question: &str) -> Vec<Id> {
    let (words, now) = (Words::read(question).unwrap(), place.now());
    place.change(move |conn| thoughts(conn, None, now, &words, Span::default(), (0, 10))).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn thoughts_are_found_by_all_words() {
    on_each(|place| async move {
        build(&place.state).await;
        let author = place.local("author").await;
        let tea = place.think(&author, "Grüner TEE am Morgen", Visibility::Public, None).await.unwrap();
        let milk = place.think(&author, "100% Tee_und Milch", Visibility::Public, None).await.unwrap();
        place.think(&author, "Tee im Geheimen", Visibility::Unlisted, None).await.unwrap();
        let far = place.remote("far").await;
        let html = added(
            place.arrive(&far, "x", |new| "<p>teestube <b>abends</b></p>".clone_into(&mut new.content)).await,
        );
        assert_eq!(found(&place, "tee").await, [html, milk, tea]);
        assert_eq!(found(&place, "GRÜNER tee").await, [tea]);
        assert_eq!(found(&place, "100% tee_u").await, [milk]);
        assert_eq!(found(&place, "abends").await, [html]);
        assert_eq!(found(&place, "am").await, [tea], "short words are found among what is new");
        for nothing in ["strong", "<p>", "kaffee", "tee kaffee", "\"", "100_"] {
            assert!(found(&place, nothing).await.is_empty(), "{nothing}");
        }
        let (addresses, writer, now) = (place.addresses.clone(), author.clone(), place.now());
        let content = NewContent { content: "Kaffee".into(), ..NewContent::default() };
        place.change(move |conn| edit(conn, now, &addresses, &writer, tea, &content, None)).await.unwrap();
        assert_eq!((found(&place, "kaffee").await, found(&place, "grüner").await), (vec![tea], vec![]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_name_and_handle() {
    on_each(|place| async move {
        build(&place.state).await;
        let (alice, malice, far) =
            (place.local("alice").await, place.local("malice").await, place.remote("alicia").await);
        let ask = async |question: &str, viewer: Option<Id>| {
            let words = Words::read(question).unwrap();
            place.change(move |conn| people(conn, viewer, &words, (0, 10))).await.unwrap()
        };
        assert_eq!(ask("alic", None).await, [alice.id, far.id, malice.id], "who begins so, and who is here");
        assert_eq!(ask("there.example", None).await, [far.id]);
        assert_eq!(ask("al", None).await.len(), 3);
        assert!(ask("instance", None).await.is_empty());
        // By capitals that are not ASCII, on both engines, also of rows from before that was kept.
        let (addresses, now, id) = (place.addresses.clone(), place.now(), malice.id);
        let called = Changes { display_name: Some("ÄNNE Øst".into()), ..Changes::default() };
        place.change(move |conn| update(conn, now, &addresses, id, &called)).await.unwrap();
        assert_eq!(ask("änne øst", None).await, [malice.id]);
        let id = far.id;
        place
            .change(move |conn| {
                let sql = "UPDATE social_users SET display_name = 'ÜBER', name_key = NULL WHERE id = $1";
                Ok(conn.execute(sql, &[id.into()])?)
            })
            .await
            .unwrap();
        build(&place.state).await;
        assert_eq!(ask("über", None).await, [far.id]);
        place.block(&alice, &malice).await;
        assert_eq!(ask("alic", Some(malice.id)).await, [far.id, malice.id]);
    })
    .await;
}
