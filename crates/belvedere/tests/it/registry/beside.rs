//! `belvedere registry` beside a running server

use std::time::Duration;

use data_encoding::BASE64;
use testkit::{Belvedere, BelvedereOptions, databases};

use super::{ALICE, PASSWORD, with_password};
use crate::place::Place;

/// What the server says of somebody who pushes or pulls.
async fn status(server: &Belvedere, password: &str) -> u16 {
    let basic = format!("Basic {}", BASE64.encode(format!("alice.test:{password}").as_bytes()));
    server.client.with_header("authorization", &basic).get("/v2/").await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_let_in_and_blobs_left_to_the_server() {
    for database in databases().await {
        let place = Place::on(database);
        let options = BelvedereOptions::new(&place.path().join("data"))
            .with("DATABASE_URL", &place.database.url())
            .with("APPS", "registry")
            .with("JETSTREAM_URL", "wss://nowhere.invalid");
        let server = Belvedere::start(&options).await;
        assert_eq!(status(&server, PASSWORD).await, 401);
        with_password(&place, &["add", "alice.test"], PASSWORD);
        tokio::time::timeout(Duration::from_secs(30), async {
            while status(&server, PASSWORD).await != 200 {
                tokio::time::sleep(Duration::from_secs(4)).await;
            }
        })
        .await
        .unwrap();
        assert_eq!(status(&server, "another one").await, 401);
        assert_eq!(place.json(&["registry", "crew", "add", ALICE])["role"], "write");
        // What was shown a moment ago is good no longer than it is the password of that account.
        with_password(&place, &["password", "alice.test"], "battery staple");
        assert_eq!((status(&server, PASSWORD).await, status(&server, "battery staple").await), (401, 200));
        place.json(&["registry", "account", "remove", "alice.test", "--yes"]);
        with_password(&place, &["add", "alice.test"], PASSWORD);
        assert_eq!(status(&server, "battery staple").await, 401);

        let refused = place.failure(&["registry", "collect", "--grace", "0"]);
        assert!(
            refused.contains(&format!("a server (process {}) has the folder", server.pid())),
            "{refused}"
        );
        assert!(refused.contains("help: it collects by itself"), "{refused}");
        assert_eq!(place.json(&["registry", "collect", "--dry-run"])["garbage"], 0);
        server.terminate().await;
        assert_eq!(place.json(&["registry", "collect", "--grace", "0"])["garbage"], 0);
    }
}
