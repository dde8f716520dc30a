//! Somebody with followers on other servers writes while theirs dies at chosen moments: every follower is told everything, in order, and
//! nothing twice that a death does not excuse.

use std::time::{Duration, Instant, SystemTime};

use reqwest::Method;
use serde_json::{Value, json};
use store::{Conn, Store};
use testkit::fediverse::{Arrivals, Inboxes, LEASE, fill, left, under_way};
use tokio::time::sleep;

use crate::Run;
use crate::crash::{By, CRASH_POINTS};
use crate::rig::Rig;
use crate::wait::{PATIENCE, until};

/// One run of two in a row meets half of the moments.
const SHARE: u64 = 2;

pub(super) async fn deliveries(run: Run) {
    let mut rig = Rig::new(&run).await;
    rig.place.options = rig.place.options.clone().at_a_port();
    let site = format!("http://127.0.0.1:{}", rig.place.options.port.unwrap());
    rig.settings.extend([("APPS", "social".to_owned()), ("PUBLIC_URL", site.clone())]);
    let inboxes = Inboxes::open(rig.chance.between(2, 6)).await;
    let (of_each, shared) = (rig.chance.between(1, 5), rig.chance.is(0.5));
    let followers = inboxes.hosts() * of_each;
    let mut author = Author::followed(&mut rig, &inboxes, followers, shared).await;
    let (mut deaths, mut ahead) = (Vec::new(), 0);
    let points: Vec<_> = CRASH_POINTS.iter().filter(|point| point.by == By::Delivery).collect();
    for (number, point) in (0..).zip(points) {
        if number % SHARE != run.seed % SHARE {
            continue;
        }
        let at = format!("{}:{}", point.name, rig.chance.between(1, point.times));
        inboxes.refuse(u32::try_from(rig.chance.below(10)).unwrap());
        let since = now() + ahead * 1_000;
        rig.start_to_die(&at).await;
        let start = Instant::now();
        while !rig.has_died() {
            assert!(start.elapsed() < PATIENCE, "it did not die at {at}");
            author.write(&rig).await;
            sleep(Duration::from_millis(20)).await;
        }
        rig.kill();
        deaths.push(under_way(&store(&rig).await, since).await);
        // What it was at is nobody else's before its leases have ended.
        ahead += LEASE / 1_000;
        rig.set_clock(ahead);
    }
    rig.start().await;
    author.write(&rig).await;
    let store = store(&rig).await;
    let written: Vec<String> =
        thoughts(&store).await.iter().map(|uuid| format!("{site}/thoughts/{uuid}")).collect();
    author.acknowledged.retain(|address| !written.contains(address));
    assert!(author.acknowledged.is_empty(), "acknowledged and lost: {:?}", author.acknowledged);
    let places = if shared { inboxes.hosts() } else { followers };
    inboxes.until(places * written.len()).await;
    until("nothing is on its way", async || (left(&store).await == 0).then_some(())).await;
    rig.stop().await;
    let arrivals = Arrivals::verified(&inboxes.take(), &author.public_key);
    let expected: Vec<(&str, &str)> = written.iter().map(|address| ("Create", address.as_str())).collect();
    arrivals.assert_told(places, &expected);
    arrivals.assert_again_only(&deaths);
}

/// Who writes.
struct Author {
    token: String,
    /// What they sign with, in PEM.
    public_key: String,
    /// Addresses of what was taken.
    acknowledged: Vec<String>,
    site: String,
}

impl Author {
    async fn followed(rig: &mut Rig, inboxes: &Inboxes, followers: usize, shared: bool) -> Self {
        rig.start().await;
        let client = rig.server().client.clone();
        let account =
            json!({ "username": "alice", "email": "alice@example.com", "password": "the password of alice" });
        let made = client.post("/social/auth/register", &account).await.expect(201);
        let uuid = text(&made["user"]["id"]);
        let request = client.request(Method::GET, &format!("/users/{uuid}"));
        let actor = client.send(request.header("accept", "application/activity+json")).await.expect(200);
        rig.kill();
        fill(&store(rig).await, inboxes, followers, shared, &uuid).await;
        let site = format!("http://127.0.0.1:{}", rig.place.options.port.unwrap());
        let public_key = text(&actor["publicKey"]["publicKeyPem"]);
        Self { token: text(&made["token"]), public_key, acknowledged: Vec::new(), site }
    }

    /// Writes one more; the server may die before it answers.
    async fn write(&mut self, rig: &Rig) {
        let client = rig.server().client.with_bearer(&self.token).with_host_of(&self.site);
        let request = client.request(Method::POST, "/social/thoughts");
        let Ok(answer) = client.try_send(request.json(&json!({ "content": "one more" }))).await else {
            return;
        };
        let made = answer.expect(201);
        self.acknowledged.push(format!("{}/thoughts/{}", self.site, text(&made["id"])));
    }
}

/// The database, beside the server.
async fn store(rig: &Rig) -> Store {
    let schemas = [appview::schemas(), vec![&sync::SCHEMA, &social::SCHEMA], registry::schemas()].concat();
    rig.place.database.open(&schemas).await
}

/// What is kept, in the order in which it was written.
async fn thoughts(store: &Store) -> Vec<String> {
    let find = |conn: &mut Conn<'_>| {
        conn.query("SELECT uuid FROM social_thoughts ORDER BY id", &[], |row| row.string(0))
    };
    let found: Result<Vec<String>, store::Error> = store.state.read(find).await;
    found.unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Now, in microseconds.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_micros()).unwrap()
}
