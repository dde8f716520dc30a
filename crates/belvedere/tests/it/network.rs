//! Commands that ask the network: a real directory, PDS and DNS on this machine.

use testkit::{Network, NetworkOptions, TestDatabase};

use crate::place::Place;

const NOTE: &str = "com.example.demo.note";

#[tokio::test(flavor = "multi_thread")]
async fn lexicons_are_fetched_from_their_publisher_and_the_doctor_is_content() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { lexicons: true, ..NetworkOptions::default() }).await;
    let place = Place::on(TestDatabase::sqlite());
    let at = &network.endpoints;
    let dns = at.dns.clone().unwrap();
    place.write("data/belvedere.toml", &format!(
        "dev = true\nplc_url = \"{}\"\njetstream_url = \"{}\"\nrelay_url = \"{}\"\ndns_server = \"{dns}\"\n",
        at.plc, at.jetstream, at.relay
    ));

    let added = place.json(&["lexicon", "add", NOTE]);
    assert_eq!(added["added"][0]["id"], NOTE);
    let listed = place.json(&["lexicon", "list"]);
    assert_eq!(listed[0]["source"], "network");
    assert!(listed[0]["authority_did"].as_str().unwrap().starts_with("did:plc:"));
    assert!(listed[0]["last_fetched_at"].is_string());
    assert_eq!(place.json(&["lexicon", "show", NOTE])["lexicon_json"]["id"], NOTE);

    let account = network.create_account("amelia.test").await;
    assert_eq!(place.json(&["user", "add", "@amelia.test"])["did"], account.did);
    assert_eq!(place.json(&["user", "show", "amelia.test"])["did"], account.did);
    let error = place.failure(&["user", "add", "nobody.test"]);
    assert!(error.starts_with("error: nobody.test names no account"), "{error}");

    let error = place.failure(&["lexicon", "add", "com.example.nobody.thing"]);
    assert!(error.starts_with("error: com.example.nobody.thing: "), "{error}");

    let outcome = place.run(&["doctor"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let odd: Vec<&str> = outcome.stdout.lines().filter(|line| !line.starts_with("ok")).collect();
    assert!(odd.is_empty(), "{odd:?}");
}
