//! Rows of a Thoughts server in shapes and orders of their own.

use accounts::{Vault, VaultConfig};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use social::import::{Importer, Kind};
use social::thoughts::load;
use social::users::{Field, by_handle};
use store::v;

use crate::people::{Place, on_each};

fn importer(place: &Place) -> Importer {
    let config = VaultConfig {
        // Nothing is written where the secret is given.
        data_dir: "/nonexistent".as_ref(),
        master_secret: Some("an example of a master secret of tests"),
        token_encryption_key: None,
    };
    Importer::new(place.state.clone(), Vault::open(&config).unwrap(), place.addresses.clone())
}

fn uuid(n: u32) -> String {
    format!("10000000-0000-4000-8000-{n:012}")
}

fn user(n: u32, name: &str, change: &Value) -> Box<RawValue> {
    let mut row = json!({
        "id": uuid(n), "username": name, "email": format!("{name}@mail.example"), "password_hash": "$argon2id$x",
        "display_name": "ÄNNE", "bio": null, "avatar_url": null, "header_url": null, "custom_css": null, "ap_id": null,
        "private_key": null, "local": true, "also_known_as": null, "profile_fields": [], "custom_moods": [],
        "created_at": "2026-04-01T08:00:00Z", "updated_at": "2026-04-01T08:00:00Z",
    });
    for (name, value) in change.as_object().unwrap() {
        row[name] = value.clone();
    }
    to_raw_value(&row).unwrap()
}

fn thought(n: u32, author: u32, parent: Option<u32>) -> Box<RawValue> {
    let row = json!({
        "id": uuid(n), "user_id": uuid(author), "content": format!("no {n}"), "in_reply_to_id": parent.map(uuid),
        "in_reply_to_url": null, "ap_id": null, "visibility": "followers", "content_warning": null, "sensitive": false,
        "local": true, "note_extensions": null, "mood": null, "created_at": "2026-04-02T08:00:00Z", "updated_at": null,
    });
    to_raw_value(&row).unwrap()
}

/// Why rows were not taken, or nothing.
async fn take(importer: &Importer, kind: Kind, rows: Vec<Box<RawValue>>) -> Vec<Option<String>> {
    let outcomes = importer.take(kind, rows).await.unwrap();
    outcomes.into_iter().map(|outcome| outcome.taken.err()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_shape_profiles_have_people_can_be_shown() {
    on_each(|place| async move {
        let importer = importer(&place);
        let far = json!({
            "local": false, "ap_id": "https://there.example/far",
            "profile_fields": [{ "name": "a", "value": "<b>x</b><script>1</script>" }],
        });
        let taken = take(
            &importer,
            Kind::Users,
            vec![
                user(1, "ann", &json!({ "profile_fields": { "not": "a list" }, "custom_moods": "nothing" })),
                user(2, "ben", &json!({ "profile_fields": [{ "name": "n", "value": "<v>", "more": 1 }, 7, { "name": "x" }] })),
                user(3, "eve", &json!({ "email": "ANN@mail.example" })),
                user(4, "far@there.example", &far),
            ],
        );
        let taken = taken.await;
        assert_eq!(taken[..2], [None, None]);
        assert!(taken[2].as_ref().unwrap().contains("e-mail"), "{taken:?}");
        assert_eq!(taken[3], None);
        let found = place.change(|conn| {
            let names = ["ann", "ben", "eve", "far@there.example"];
            names.into_iter().map(|name| by_handle(conn, name)).collect::<Result<Vec<_>, _>>()
        });
        let fields: Vec<Option<Vec<Field>>> =
            found.await.unwrap().into_iter().map(|user| user.map(|user| user.profile_fields)).collect();
        let field = |name: &str, value: &str| Field { name: name.into(), value: value.into() };
        assert_eq!(
            fields,
            [Some(vec![]), Some(vec![field("n", "<v>")]), None, Some(vec![field("a", "<b>x</b>")])]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_find_what_they_answer_in_whichever_order_rows_come() {
    on_each(|place| async move {
        let importer = importer(&place);
        take(&importer, Kind::Users, vec![user(1, "ann", &json!({})), user(2, "ben", &json!({}))]).await;
        let rows = vec![thought(12, 1, Some(11)), thought(11, 2, Some(10)), thought(10, 1, None)];
        assert_eq!(take(&importer, Kind::Thoughts, rows).await, [None, None, None]);
        let found = place.change(|conn| {
            let sql = "SELECT id FROM social_thoughts WHERE uuid = $1";
            let mut id = |n| {
                Ok::<_, social::Error>(social::Id(conn.query_one(sql, &[v(&uuid(n))], |row| row.int(0))?))
            };
            let ids = [id(10)?, id(11)?, id(12)?];
            let ben = by_handle(conn, "ben")?.unwrap().id;
            let thread = load(conn, Some(ben), &ids)?;
            Ok((ids, thread.into_iter().map(|it| (it.id, it.in_reply_to, it.thread)).collect::<Vec<_>>()))
        });
        let ([first, middle, last], thread) = found.await.unwrap();
        // Ben wrote the one in the middle, is answered by the last, and does not follow whoever wrote the first.
        assert_eq!(thread, [(middle, Some(first), first), (last, Some(middle), first)]);
    })
    .await;
}
