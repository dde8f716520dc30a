//! What people say of themselves, here and elsewhere.

use serde_json::{Value, json};
use social::SCHEMA;
use store::v;

use crate::site::{Site, fast};
use crate::stranger::Stranger;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_others_say_of_themselves_becomes_more_than_text() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let site = Site::start(&store, fast()).await;
        let mut person = stranger.person("eve");
        let harm = "&lt;img src=x onerror=alert(1)&gt;";
        person["summary"] = json!(format!("<p onclick=x>hi {harm} <b>there</b><script>1</script></p>"));
        person["attachment"] = json!([
            { "type": "PropertyValue", "name": "Web", "value": format!("<a href=\"https://eve.example\">{harm}</a>") },
            { "type": "PropertyValue", "name": "Long", "value": format!("{}{}", "&amp;".repeat(300), "&lt;img src=x&gt;") },
        ]);
        stranger.show("/users/eve", 200, activitypub::media_type::ACTIVITY, &person.to_string());
        let eve = site.find(&stranger.actor("eve")).await;
        assert_eq!(eve.bio.as_deref(), Some("<p>hi &lt;img src=x onerror=alert(1)&gt; <b>there</b></p>"));
        let values: Vec<&str> = eve.profile_fields.iter().map(|field| &*field.value).collect();
        assert!(values[0].starts_with("<a href=\"https://eve.example\"") && values[0].contains("&lt;img"));
        assert!(values.iter().all(|value| !value.contains("<img")), "{values:?}");

        // What is empty is nothing.
        let mut other = stranger.person("ann");
        other["summary"] = json!("<p> </p>");
        stranger.show("/users/ann", 200, activitypub::media_type::ACTIVITY, &other.to_string());
        assert_eq!(site.find(&stranger.actor("ann")).await.bio, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_have_whole_addresses() {
    for database in testkit::databases().await {
        let store = database.open(&[&SCHEMA]).await;
        let site = Site::start(&store, fast()).await;
        let alice = site.person("alice", false).await;
        let (id, elsewhere) = (alice.id, "https://pictures.example/banner.webp");
        site.change(move |conn, _| {
            let sql = "UPDATE social_users SET avatar_url = '/media/users/u/avatar-1.jpg', header_url = $2 WHERE id = $1";
            Ok(conn.execute(sql, &[v(id), v(elsewhere)])?)
        })
        .await;
        let actor = format!("{}/users/{}", site.base, alice.uuid);
        let actor: Value = site.get(&actor, activitypub::media_type::ACTIVITY).await.json().await.unwrap();
        let icon = json!({ "type": "Image", "mediaType": "image/jpeg",
            "url": format!("{}/media/users/u/avatar-1.jpg", site.base) });
        assert_eq!(actor["icon"], icon);
        assert_eq!(actor["image"]["url"], elsewhere);
    }
}
