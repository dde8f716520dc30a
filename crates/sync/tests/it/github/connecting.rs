//! Somebody says who they are on GitHub, and takes it back.

use accounts::Purpose;
use image::ImageFormat;
use serde_json::{Value, json};
use store::v;
use url::Url;

use super::stand_in::drawn;
use super::{Scene, on_each};
use crate::site::vault;

/// The token of GitHub that is kept for an account, opened.
async fn token(scene: &Scene, account: &str) -> Option<String> {
    let id = account.to_owned();
    let found = scene.site.store.state.read(move |conn| {
        let sql = "SELECT token FROM sync_vendor_tokens WHERE account_id = $1 AND vendor = 'github'";
        conn.query_opt(sql, &[v(&id)], |row| Ok::<_, store::Error>(row.blob(0)?.to_vec()))
    });
    let sealed = found.await.unwrap()?;
    Some(vault().unseal_text(Purpose::SYNC_TOKENS, &format!("{account}/github"), &sealed).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_sent_there_with_what_github_asks_for() {
    on_each(|scene| async move {
        let ann = scene.site.person().await;
        let url = ann.http.get("/v1/connect/github/params").await.expect(200)["url"].clone();
        let url = Url::parse(url.as_str().unwrap()).unwrap();
        assert_eq!((url.origin(), url.path()), (scene.github.url.origin(), "/login/oauth/authorize"));
        let pairs: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(
            pairs[..3],
            [
                ("client_id", "relay"),
                ("redirect_uri", "https://relay.example/v1/connect/github/callback"),
                ("scope", "read:user,user:email,read:org,codespace"),
            ]
        );
        assert_eq!((pairs.len(), pairs[3].0), (4, "state"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_somebody_is_there_is_who_they_are_here() {
    on_each(|scene| async move {
        let (ann, bob) = (scene.site.person().await, scene.site.person().await);
        let id = ann.id().await;
        let mut socket = ann.socket().await;
        let content = drawn(64, 32, ImageFormat::Png);
        scene.github.has_picture("ann", content.clone());
        scene.github.knows("code", 7, "ann", "ann");
        assert_eq!(scene.connect(&ann, "code").await, "github=connected&user=ann");

        let profile = scene.profile(&ann).await;
        let names = json!(["ann", "ann", "van Dyke"]);
        assert_eq!(json!([profile["username"], profile["firstName"], profile["lastName"]]), names);
        let github = &profile["github"];
        assert_eq!(json!([github["id"], github["login"], github["name"]]), json!([7, "ann", "ann van Dyke"]));
        assert!(github.get("email").is_none(), "the app drops a profile with a null there: {github}");
        let avatar = &profile["avatar"];
        assert_eq!(json!([avatar["width"], avatar["height"]]), json!([64, 32]));
        let path = avatar["path"].as_str().unwrap();
        let name = path.strip_prefix(&format!("public/users/{id}/avatars/github_")).unwrap();
        assert_eq!((name.len(), &name[24..]), (28, ".png"), "{path}");
        assert_eq!(avatar["url"], format!("{}/files/{path}", scene.site.client.base()));
        assert_eq!(profile["connectedServices"], json!([]));

        let told = socket.updates(1).await;
        let expected = json!({
            "t": "update-account", "id": id, "github": github, "username": "ann", "firstName": "ann",
            "lastName": "van Dyke", "avatar": avatar,
        });
        assert_eq!(told, [expected]);

        let seen = bob.http.get(&format!("/v1/user/{id}")).await.expect(200)["user"].clone();
        assert_eq!(json!([seen["username"], seen["bio"], seen["avatar"]]), json!(["ann", "Hello", avatar]));
        let found = bob.http.get("/v1/user/search?query=AN").await.expect(200);
        assert_eq!((&found["users"][0]["id"], &found["users"][0]["avatar"]), (&json!(id), avatar));
        let asked = bob.http.post("/v1/friends/add", &json!({ "uid": id })).await.expect(200);
        assert_eq!(&asked["user"]["avatar"], avatar);
        assert_eq!(&bob.http.get("/v1/friends").await.expect(200)["friends"][0]["avatar"], avatar);

        assert_eq!(token(&scene, &id).await.as_deref(), Some("gho_code"));
        assert_eq!(ann.http.get("/v1/connect/tokens").await.expect(200), json!({ "tokens": [] }));
        let export = ann.http.get("/v1/account/export").await.text;
        assert!(
            export.contains(&format!(r#""content":"{}""#, data_encoding::BASE64.encode(&content))),
            "{export}"
        );
        assert!(!export.contains("gho_"), "no client is given it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_again_changes_nothing() {
    on_each(|scene| async move {
        let ann = scene.site.person().await;
        scene.github.has_picture("ann", drawn(8, 8, ImageFormat::Jpeg));
        scene.github.knows("code", 7, "ann", "ann");
        scene.github.knows("again", 7, "renamed", "other");
        scene.connect(&ann, "code").await;
        let (before, told) = (scene.profile(&ann).await, scene.told(&ann).await);
        assert_eq!(scene.connect(&ann, "again").await, "github=connected&user=renamed");
        let mut after = scene.profile(&ann).await;
        after["timestamp"] = before["timestamp"].clone();
        assert_eq!((after, scene.told(&ann).await), (before, told));
        assert_eq!(scene.github.asked(), ["exchange", "user", "ann", "exchange", "user"]);
        assert_eq!(token(&scene, &ann.id().await).await.as_deref(), Some("gho_code"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_one_account_here() {
    on_each(|scene| async move {
        let (ann, bob) = (scene.site.person().await, scene.site.person().await);
        scene.github.has_picture("ann", drawn(8, 8, ImageFormat::Png));
        scene.github.knows("one", 7, "ann", "ann");
        scene.github.knows("two", 7, "ann", "ann");
        scene.connect(&ann, "one").await;
        let mut socket = ann.socket().await;
        assert_eq!(scene.connect(&bob, "two").await, "github=connected&user=ann");
        let ended = json!({ "t": "update-account", "id": ann.id().await, "github": null, "username": null });
        assert_eq!(socket.updates(1).await, [ended]);
        let (anns, bobs) = (scene.profile(&ann).await, scene.profile(&bob).await);
        assert_eq!(json!([anns["github"], anns["username"], anns["firstName"]]), json!([null, null, "ann"]));
        assert_eq!(json!([bobs["github"]["id"], bobs["username"]]), json!([7, "ann"]));
        assert_ne!(anns["avatar"]["path"], bobs["avatar"]["path"], "each has one of their own");
        assert_eq!(token(&scene, &ann.id().await).await, None);
        assert_eq!(token(&scene, &bob.id().await).await.as_deref(), Some("gho_two"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn and_one_only_whoever_comes_at_once() {
    on_each(|scene| async move {
        scene.github.knows("code", 7, "ann", "none");
        let people = futures::future::join_all((0..8).map(|_| scene.site.person())).await;
        let back = futures::future::join_all(people.iter().map(|person| scene.connect(person, "code"))).await;
        assert!(back.iter().all(|location| location == "github=connected&user=ann"), "{back:?}");
        let profiles = futures::future::join_all(people.iter().map(|person| scene.profile(person))).await;
        let named = profiles.iter().filter(|profile| profile["username"] == "ann").count();
        let connected = profiles.iter().filter(|profile| profile["github"]["id"] == 7).count();
        assert_eq!((named, connected), (1, 1), "{profiles:?}");
    })
    .await;
}

/// GitHub gives a login that is free to whoever wants it.
#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_whose_it_is_now() {
    on_each(|scene| async move {
        let (ann, bob) = (scene.site.person().await, scene.site.person().await);
        scene.github.knows("one", 7, "ann", "none");
        scene.github.knows("two", 8, "ann", "none");
        scene.connect(&ann, "one").await;
        let mut socket = ann.socket().await;
        assert_eq!(scene.connect(&bob, "two").await, "github=connected&user=ann");
        let told = json!({ "t": "update-account", "id": ann.id().await, "username": null });
        assert_eq!(socket.updates(1).await, [told]);
        let (anns, bobs) = (scene.profile(&ann).await, scene.profile(&bob).await);
        assert_eq!(json!([anns["github"]["id"], anns["username"]]), json!([7, null]));
        assert_eq!(json!([bobs["github"]["id"], bobs["username"]]), json!([8, "ann"]));
        scene.github.knows("three", 9, "carl", "none");
        assert_eq!(scene.connect(&bob, "three").await, "github=connected&user=carl");
        assert_eq!(scene.profile(&bob).await["github"]["id"], 9);
        assert_eq!(token(&scene, &bob.id().await).await.as_deref(), Some("gho_three"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_taken_back() {
    on_each(|scene| async move {
        let (ann, bob) = (scene.site.person().await, scene.site.person().await);
        scene.github.has_picture("ann", drawn(8, 8, ImageFormat::Png));
        scene.github.knows("code", 7, "ann", "ann");
        scene.connect(&ann, "code").await;
        let avatar = scene.profile(&ann).await["avatar"].clone();
        let mut socket = ann.socket().await;
        let done = json!({ "success": true });
        assert_eq!(
            bob.http.delete("/v1/connect/github").await.expect(200),
            done,
            "who is not connected is not"
        );
        assert_eq!(scene.profile(&ann).await["github"]["id"], 7);
        assert_eq!(ann.http.delete("/v1/connect/github").await.expect(200), done);
        let ended = json!({ "t": "update-account", "id": ann.id().await, "github": null, "username": null });
        assert_eq!(socket.updates(1).await, [ended]);
        let told = scene.told(&ann).await;
        assert_eq!(ann.http.delete("/v1/connect/github").await.expect(200), done);
        assert_eq!((scene.told(&ann).await, scene.told(&bob).await), (told, 0));
        let profile = scene.profile(&ann).await;
        assert_eq!(json!([profile["github"], profile["username"]]), json!([null, null]));
        assert_eq!((&profile["firstName"], &profile["avatar"]), (&json!("ann"), &avatar), "these stay");
        assert_eq!(token(&scene, &ann.id().await).await, None);
        let seen = bob.http.get(&format!("/v1/user/{}", ann.id().await)).await.expect(200);
        assert_eq!(json!([seen["user"]["username"], seen["user"]["bio"]]), json!(["", Value::Null]));
        assert_eq!(scene.connect(&ann, "code").await, "github=connected&user=ann");
        assert_eq!(scene.profile(&ann).await["avatar"], avatar, "of the same source is the same");
        assert_eq!(scene.github.asked().iter().filter(|what| *what == "ann").count(), 1);
    })
    .await;
}
