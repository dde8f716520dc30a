//! `belvedere client`

use serde_json::{Value, json};
use testkit::{TestDatabase, databases};

use crate::place::Place;
use crate::state_of::event_log;

const CREATE: [&str; 10] = [
    "client",
    "create",
    "--name",
    "Statusphere",
    "--client-id-url",
    "https://status.example.com/client.json",
    "--client-uri",
    "https://status.example.com",
    "--redirect-uri",
    "https://status.example.com/callback",
];

#[tokio::test(flavor = "multi_thread")]
async fn clients_are_created_changed_and_removed() {
    for database in databases().await {
        let place = Place::on(database);
        let made = place.json(&CREATE);
        let (id, key) = (made["id"].as_str().unwrap(), made["client_key"].as_str().unwrap());
        let secret = made["client_secret"].as_str().unwrap();
        assert!(key.starts_with("hvc_") && secret.starts_with("hvs_") && secret.len() == 68, "{made}");
        assert_eq!(made["client_type"], "confidential");

        let shown = place.json(&["client", "show", key]);
        assert_eq!(shown["id"], id);
        assert_eq!(shown["scopes"], "atproto");
        assert_eq!(shown["allowed_origins"], Value::Null);
        assert_eq!(shown["is_active"], true);
        assert_eq!(place.json(&["client", "list"]), json!([shown]));
        assert!(!shown.to_string().contains(secret), "the secret is shown once");

        let limits = ["--rate-limit-capacity", "7", "--rate-limit-refill-rate", "0.5"];
        let update = ["client", "update", id, "--allowed-origin", "https://a.example", "--active", "false"];
        let changed = place.json(&[&update[..], &limits].concat());
        assert_eq!(changed["allowed_origins"], json!(["https://a.example"]));
        assert_eq!(
            (&changed["rate_limit_capacity"], &changed["rate_limit_refill_rate"]),
            (&json!(7), &json!(0.5))
        );
        assert_eq!(changed["is_active"], false);
        assert_eq!(changed["name"], "Statusphere", "what is not named stays");
        let back = ["client", "update", key, "--any-origin", "--default-rate-limit", "--active", "true"];
        let mut back = place.json(&back);
        back["updated_at"] = shown["updated_at"].clone();
        assert_eq!(back, shown);

        assert_eq!(place.json(&["client", "remove", key])["removed"]["id"], id);
        assert_eq!(place.json(&["client", "list"]), json!([]));
        let detail = json!({ "name": "Statusphere" });
        let told = ["created", "updated", "updated", "deleted"]
            .map(|what| json!([format!("api_client.{what}"), id, detail]));
        assert_eq!(event_log(&place).await, told);
    }
}

#[test]
fn a_public_client_has_no_secret() {
    let place = Place::on(TestDatabase::sqlite());
    let outcome = place.run(&[&CREATE[..], &["--type", "public"]].concat());
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stdout.contains("client secret  none"), "{outcome:?}");
    assert_eq!(outcome.stderr, "");
    let text = place.text(&["client", "list"]);
    assert!(text.contains("Statusphere  public  active"), "{text}");
}

#[test]
fn the_secret_comes_with_a_warning() {
    let place = Place::on(TestDatabase::sqlite());
    let outcome = place.run(&CREATE);
    assert!(outcome.stdout.contains("client secret  hvs_"), "{outcome:?}");
    assert_eq!(outcome.stderr, "note: the secret is not shown again\n");
}

#[test]
fn mistakes_are_answered_with_what_to_do() {
    let place = Place::on(TestDatabase::sqlite());
    let made = place.json(&CREATE);
    let id = made["id"].as_str().unwrap();
    let twice = CREATE;
    let mut no_url = CREATE;
    no_url[5] = "status";
    for (arguments, problem, help) in [
        (&twice[..], "client_id_url already registered", "belvedere client list"),
        (&no_url, "client_id_url: status is not a URL", "belvedere client create --help"),
        (&["client", "show", "hvc_0"], "no API client with the id or key `hvc_0`", "belvedere client list"),
        (&["client", "update", id], "there is nothing to change", "belvedere client update --help"),
        (
            &["client", "update", id, "--scopes", "repo:*"],
            "scopes: must be scopes",
            "belvedere client create --help",
        ),
    ] {
        let error = place.failure(arguments);
        let lines: Vec<&str> = error.lines().collect();
        assert_eq!(lines.len(), 2, "{error}");
        assert!(lines[0].starts_with("error: ") && lines[0].contains(problem), "{error}");
        assert!(lines[1].starts_with("help: ") && lines[1].contains(help), "{error}");
    }
}
