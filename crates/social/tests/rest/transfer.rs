//! What people take along and bring.

use serde_json::{Value, json};

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_along_and_nothing_of_others() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        for content in ["one <two>", "secret"] {
            let visibility = if content == "secret" { "followers" } else { "public" };
            let body = json!({ "content": content, "visibility": visibility });
            ann.http.post("/social/thoughts", &body).await.expect(201);
        }
        bob.http.post("/social/thoughts", &json!({ "content": "of bob" })).await.expect(201);
        ann.does("POST", "/social/users/bob/follow").await;
        let export = ann.http.get("/social/export").await;
        let lines: Vec<Value> = export.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["profile", "thought", "thought", "following", "end"]);
        assert_eq!(lines[2]["data"]["content"], "secret");
        assert!(!export.text.contains("of bob") && !export.text.contains("argon2"));
        let rss = site.client.get("/social/users/ann/rss").await;
        assert_eq!((rss.status, rss.header("content-type")), (200, "application/rss+xml; charset=utf-8"));
        assert!(rss.text.contains("one &lt;two&gt;") && !rss.text.contains("secret"), "{}", rss.text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_mastodon_go_and_come() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        ann.does("POST", "/social/users/bob/follow").await;
        let table = ann.http.get("/social/export/following.csv").await.text;
        assert_eq!(
            table,
            "Account address,Show boosts,Notify on new posts,Languages\nbob@here.example,true,false,\n"
        );
        ann.does("DELETE", "/social/users/bob/follow").await;
        let send = async |what: &str, table: &str| {
            let request = ann.http.request("POST".parse().unwrap(), &format!("/social/import/{what}"));
            ann.http.send(request.header("content-type", "text/csv").body(table.to_owned())).await
        };
        let table = format!("{table}nobody@here.example,true,false,\nx@elsewhere.example,true,false,\n");
        let done = send("following", &table).await.expect(200);
        assert_eq!((&done["done"], done["failed"].as_array().unwrap().len()), (&json!(1), 2));
        assert_eq!(ann.names("/social/users/me/following").await, ["bob"]);
        send("blocks", "bob@here.example\n").await.expect(200);
        assert_eq!(ann.names("/social/users/me/blocks").await, ["bob"]);
        assert_eq!(ann.http.get("/social/export/blocks.csv").await.text, "bob@here.example\n");
        send("other", "").await.expect(404);
        let names: Vec<String> = (0..5001).map(|number| format!("a{number}@b.example")).collect();
        let many = names.join("\n");
        send("following", &many).await.expect(422);
        assert!(bob.names("/social/users/me/blocks").await.is_empty());
    })
    .await;
}
