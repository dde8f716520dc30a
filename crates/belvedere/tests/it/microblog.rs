//! What the microblog and its federation are given by their settings.

use testkit::{Belvedere, BelvedereOptions, databases};

use crate::place::{Place, outcome};

#[tokio::test(flavor = "multi_thread")]
async fn it_is_called_and_bounded_as_its_operator_says() {
    for database in databases().await {
        let place = Place::on(database);
        let options = BelvedereOptions::new(place.path()).with("DATABASE_URL", &place.database.url());
        let options = options
            .with("APPS", "social")
            .with("JETSTREAM_URL", "wss://nowhere.invalid")
            .with("SOCIAL_NAME", "Ä small place")
            .with("SOCIAL_DESCRIPTION", "for those who test")
            .with("AP_INBOX_MAX_BYTES", "16384")
            .with("AP_AUTHORIZED_FETCH", "true");
        let server = Belvedere::start(&options).await;
        let client = &server.client;
        let info = client.get("/nodeinfo/2.1").await.expect(200);
        assert_eq!(info["metadata"]["nodeName"], "Ä small place", "{info}");
        let instance = client.get("/api/v2/instance").await.expect(200);
        assert_eq!(
            (&instance["title"], &instance["description"]),
            (&"Ä small place".into(), &"for those who test".into())
        );

        let activity = "application/activity+json";
        let post = async |bytes| {
            let body = format!("{{\"padding\":\"{}\"}}", "x".repeat(bytes));
            let request = client.request("POST".parse().unwrap(), "/inbox").header("content-type", activity);
            client.send(request.body(body)).await.status
        };
        assert_eq!((post(17_000).await, post(15_000).await), (413, 400));
        let actor = async |path: &str| {
            let request = client.request("GET".parse().unwrap(), path).header("accept", activity);
            client.send(request).await.status
        };
        assert_eq!(actor("/users/ann").await, 401, "only to whoever signs");
        let instance = "/users/00000000-0000-4000-8000-000000000000";
        assert_eq!(actor(instance).await, 200, "but the server's own key to everybody");
        let metrics = server.metrics().await;
        assert!(metrics.contains("belvedere_federation_queue 0"), "{metrics}");
        server.terminate().await;
    }
}

/// What people elsewhere know by its address cannot have another one from one start to the next.
#[tokio::test(flavor = "multi_thread")]
async fn it_stays_where_it_is_known_to_be() {
    for database in databases().await {
        let place = Place::on(database);
        let at = |site: Option<&str>| {
            let options = BelvedereOptions::new(place.path()).with("DATABASE_URL", &place.database.url());
            let options = options.with("APPS", "social").with("JETSTREAM_URL", "wss://nowhere.invalid");
            site.iter().fold(options, |options, site| options.with("PUBLIC_URL", site))
        };
        // Where it happens to listen is nothing to be known by.
        for site in [None, None, Some("https://a.example"), Some("https://a.example")] {
            Belvedere::start(&at(site)).await.terminate().await;
        }
        for site in [Some("https://b.example"), None] {
            let command = at(site).command(&["serve", "--port", "0"]);
            let refused = outcome(&mut assert_cmd::Command::from_std(command));
            assert_eq!(refused.code, Some(1), "{refused:?}");
            assert!(
                refused.stderr.contains(
                    "error: the microblog is known elsewhere as https://a.example, and would be http"
                ) && refused.stderr.contains("help: set public_url and base_path back"),
                "{refused:?}"
            );
        }
        Belvedere::start(&at(Some("https://a.example"))).await.terminate().await;
    }
}
