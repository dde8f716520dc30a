//! A server that is down for an hour, and one that is for a week (spec/social.md §4.10). Time passes faster here.

use std::time::Duration;

use federation::FederationConfig;
use serde_json::json;
use social::users::User;
use social::{SCHEMA, Visibility};
use store::v;

use crate::site::{Site, fast};
use crate::stranger::Stranger;

/// Failures after which a host is only probed, and the first pause between probes; each is twice as long as the one before.
const FAILURES: usize = 10;
const PAUSE: Duration = Duration::from_mins(1);

/// Somebody of each server follows everybody here.
async fn followed(site: &Site, strangers: &[&Stranger], names: &[&str]) -> Vec<User> {
    let mut people = Vec::new();
    for name in names {
        let person = site.person(name, false).await;
        for stranger in strangers {
            let follow = json!({ "id": format!("{}/follows/{name}", stranger.base), "type": "Follow", "actor": stranger.actor("fan"), "object": format!("{}/users/{}", site.base, person.uuid) });
            assert_eq!(stranger.send(&format!("{}/inbox", site.base), "fan", &follow).await, 202);
        }
        people.push(person);
    }
    site.until_told().await;
    people
}

/// What a server heard of somebody since then, in order.
fn heard(stranger: &Stranger, since: usize, of: &User) -> Vec<String> {
    let taken = stranger.taken().split_off(since);
    let of = taken
        .iter()
        .filter(|taken| taken.activity["actor"].as_str().is_some_and(|it| it.ends_with(&of.uuid)));
    of.map(|taken| taken.activity["object"]["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_of_silence_is_probed_and_made_up_for_and_holds_nobody_up() {
    for database in testkit::databases().await {
        let store = database.open(&[&SCHEMA]).await;
        let (down, well) = (Stranger::start().await, Stranger::start().await);
        let site = Site::start(&store, fast()).await;
        let people = followed(&site, &[&down, &well], &["ann", "bob", "cid"]).await;
        let (before, besides, tried) = (down.taken().len(), well.taken().len(), down.tried().len());
        down.answers(503);
        let mut written = vec![Vec::new(); people.len()];
        for n in 0..5 {
            for (person, written) in people.iter().zip(&mut written) {
                written.push(site.write(person, &format!("no {n}"), Visibility::Public, None).await.1);
            }
        }
        // Nobody else waits: all of it is there while the one server still says nothing.
        site.until_count("SELECT count(*) FROM social_events", 0).await;
        site.until_count("SELECT count(*) FROM social_deliveries WHERE state = 'queued'", 15).await;
        for (person, written) in people.iter().zip(&written) {
            assert_eq!(&heard(&well, besides, person), written);
        }
        // An hour: the pauses between the probes of an hour are 1, 2, 4, 8, 16 and 32 minutes.
        site.until("an hour", |conn| {
            let failures = conn.query_one("SELECT max(failures) FROM social_hosts", &[], |row| row.int(0))?;
            Ok((failures >= 16).then_some(()))
        })
        .await;
        let attempts = down.tried().split_off(tried);
        let probes = attempts.windows(2).skip(FAILURES - 1).zip(0_u32..);
        for (pair, n) in probes {
            let pause = PAUSE * 2_u32.pow(n) / fast().time_scale;
            assert!(pair[1] - pair[0] >= pause, "probe {n} after {:?}", pair[1] - pair[0]);
        }
        assert!(attempts.len() <= FAILURES + 3 + 7, "{} attempts", attempts.len());
        down.answers(202);
        site.until_told().await;
        for (person, written) in people.iter().zip(&written) {
            assert_eq!(&heard(&down, before, person), written, "in order, and once");
            assert_eq!(&heard(&well, besides, person), written);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_of_silence_is_the_end_until_somebody_there_speaks() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let config = FederationConfig { time_scale: 100_000, ..fast() };
        let site = Site::start(&store, config).await;
        let people = followed(&site, &[&stranger], &["ann"]).await;
        let ann = &people[0];
        stranger.answers(503);
        let given_up = "SELECT count(*) FROM social_hosts WHERE unavailable = 1";
        let mut n = 0;
        while site.count(given_up).await == 0 {
            n += 1;
            assert!(n < 10_000, "a week has passed");
            site.write(ann, &format!("is anybody there, {n}?"), Visibility::Public, None).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        site.until_told().await;
        let tried = stranger.tried().len();
        stranger.answers(202);
        let before = stranger.taken().len();
        let (_, unheard) = site.write(ann, "nobody there", Visibility::Public, None).await;
        site.until_count("SELECT count(*) FROM social_events", 0).await;
        let of = unheard.clone();
        let made = site.ask(move |conn| {
            let count = "SELECT count(*) FROM social_activities WHERE subject = $1";
            Ok(conn.query_one(count, &[v(&of)], |row| row.int(0))?)
        });
        assert_eq!((made.await, stranger.tried().len()), (0, tried), "nothing is sent there any more");

        let like = json!({ "id": format!("{}/likes/1", stranger.base), "type": "Like", "actor": stranger.actor("fan"), "object": unheard });
        assert_eq!(stranger.send(&format!("{}/inbox", site.base), "fan", &like).await, 202);
        site.until_count(given_up, 0).await;
        let (_, again) = site.write(ann, "there you are", Visibility::Public, None).await;
        site.until_told().await;
        assert_eq!(heard(&stranger, before, ann), [again]);
    }
}
