//! Default procedures, with real PDSes behind them.

use ::records::Action;
use accounts::service::{Choice, Fragment, Mode};
use appview::NewLexicon;
use http::Method;
use serde_json::{Value, json};
use testkit::{Account, Answer, App, Device, Network, NetworkOptions};

use crate::harness::{
    GET_STATUSES, STATUS, Server, has_status, procedure_lexicon, query_of, record_lexicon, schemas,
};
use crate::people::{app, call, page, sign_in};

const CREATE: &str = "com.example.createStatus";
const UPDATE: &str = "com.example.updateStatus";
const DELETE: &str = "com.example.deleteStatus";
const PUT: &str = "com.example.putStatus";
const POST: &str = "com.example.post";
const AIMLESS: &str = "com.example.aimless";

struct World {
    network: Network,
    alice: Account,
    bob: Account,
}

/// A server in the world, and both on a device of their own.
struct Scene<'w> {
    world: &'w World,
    server: Server,
    app: App,
    alice: Device,
    bob: Device,
}

#[tokio::test(flavor = "multi_thread")]
async fn procedures_write_to_the_callers_pds_and_read_back_at_once() {
    if !Network::is_installed() {
        return;
    }
    let options = NetworkOptions { pds: 2, accounts: 2, ..NetworkOptions::default() };
    let network = Network::start(options).await;
    let [alice, bob] = <[Account; 2]>::try_from(network.accounts().await).unwrap();
    let world = World { network, alice, bob };
    testkit::on_each_engine(&schemas(), |store| {
        let world = &world;
        async move {
            let scene = Scene::set(world, store).await;
            the_life_of_a_record(&scene).await;
            the_repository_is_the_callers(&scene).await;
            what_the_pds_refuses(&scene).await;
            what_is_refused_before(&scene).await;
            what_the_lexicon_refuses(&scene).await;
            for_an_account_that_is_shared(&scene).await;
            from_the_dashboard(&scene).await;
            another_server_reads_and_does_not_write(&scene).await;
        }
    })
    .await;
}

impl<'w> Scene<'w> {
    async fn set(world: &'w World, store: store::Store) -> Self {
        let server = Server::start_in(&world.network, store).await;
        server.add_status_lexicons().await;
        for (id, action, target) in [
            (CREATE, Some("create"), STATUS),
            (UPDATE, Some("update"), STATUS),
            (DELETE, Some("delete"), STATUS),
            (PUT, None, STATUS),
            (POST, None, "app.bsky.feed.post"),
        ] {
            let lexicon = NewLexicon::new(procedure_lexicon(id).to_string());
            let action = action.map(|action| action.parse().unwrap());
            server.add(NewLexicon { action, target_collection: Some(target.to_owned()), ..lexicon }).await;
        }
        server.add(NewLexicon::new(procedure_lexicon(AIMLESS).to_string())).await;
        let app = app(&server, "app").await;
        let alice = sign_in(&app, "app", &world.network, &world.alice).await;
        let bob = sign_in(&app, "app", &world.network, &world.bob).await;
        Self { world, server, app, alice, bob }
    }

    /// What the server has under this URI.
    async fn read(&self, uri: &str) -> Option<Value> {
        let answer = self.app.http.get_with(&format!("/xrpc/{GET_STATUSES}"), &[("uri", uri)]).await;
        (answer.status != 404).then(|| answer.expect(200)["record"].clone())
    }

    /// What the PDS has, as this server would show it.
    async fn truth(&self, account: &Account, uri: &str) -> Option<Value> {
        let rkey = uri.rsplit('/').next().unwrap();
        let record = self.world.network.get_record(account, STATUS, rkey).await?;
        assert_eq!(record.uri, uri);
        let mut value = record.value;
        value["uri"] = uri.into();
        Some(value)
    }

    /// Returns when the stream has brought everything up to now.
    async fn echo(&self) {
        let marker = self.world.network.create_record(&self.world.bob.did, STATUS, None, &json!({})).await;
        self.server.eventually("the marker", async || self.read(&marker.uri).await.is_some()).await;
    }

    /// What the log tells of a record.
    async fn told(&self, uri: &str) -> Vec<Action> {
        let rkey = uri.rsplit('/').next().unwrap();
        let changes = self.server.records.changes(0, 1000).await.unwrap();
        let of_it =
            changes.iter().filter(|change| change.record.as_ref().is_some_and(|record| record.1 == rkey));
        of_it.map(|change| change.action).collect()
    }
}

fn uri(answer: &Answer) -> String {
    answer.expect(200)["uri"].as_str().unwrap().to_owned()
}

/// Row 12 of the specification's list.
async fn the_life_of_a_record(scene: &Scene<'_>) {
    let alice = &scene.world.alice;
    let created = call(&scene.alice, CREATE, &json!({ "status": "one", "shouldPublish": true })).await;
    let uri = uri(&created);
    assert!(uri.starts_with(&format!("at://{}/{STATUS}/", alice.did)), "{uri}");
    assert!(created.json()["commit"]["rev"].is_string(), "the answer is that of the PDS: {created:?}");
    assert_eq!(created.header("content-type"), "application/json; charset=utf-8");
    let one = json!({ "uri": uri, "$type": STATUS, "status": "one" });
    assert_eq!(scene.read(&uri).await, Some(one.clone()), "before the stream can have brought it");
    assert_eq!(scene.truth(alice, &uri).await, Some(one));

    let updated = call(&scene.alice, UPDATE, &json!({ "uri": uri, "status": "two" })).await.expect(200);
    assert_eq!(updated["uri"], uri);
    let listed = scene.app.http.get(&format!("/xrpc/{GET_STATUSES}?did={}", alice.did)).await.expect(200);
    assert_eq!(listed["records"][0], json!({ "uri": uri, "$type": STATUS, "status": "two" }));

    scene.echo().await;
    assert_eq!(scene.told(&uri).await, [Action::Create, Action::Update], "the echo tells nothing new");
    let again = call(&scene.alice, PUT, &json!({ "uri": uri, "status": "two" })).await.expect(200);
    assert_eq!(again["cid"], updated["cid"]);
    assert_eq!(scene.told(&uri).await.len(), 2, "what changes nothing is no change");

    drop(call(&scene.alice, DELETE, &json!({ "uri": uri })).await.expect(200));
    assert_eq!((scene.read(&uri).await, scene.truth(alice, &uri).await), (None, None));
    drop(call(&scene.alice, DELETE, &json!({ "uri": uri })).await.expect(200));
    scene.echo().await;
    assert_eq!(scene.read(&uri).await, None);
    assert_eq!(scene.told(&uri).await, [Action::Create, Action::Update, Action::Delete]);
}

/// Nothing is sent to a PDS that would not be indexed, and no body that the lexicon does not take.
async fn what_the_lexicon_refuses(scene: &Scene<'_>) {
    let strictly = async |lexicon: Value, validation: &str, action: Option<&str>| {
        let body = json!({
            "lexicon_json": lexicon, "validation": validation, "backfill": false, "action": action,
            "target_collection": action.map(|_| STATUS),
        });
        has_status(&scene.server.admin.post("/admin/lexicons", &body).await, 200);
    };
    let mut lexicon = record_lexicon(STATUS);
    lexicon["defs"]["main"]["record"]["properties"]["status"]["maxLength"] = 5.into();
    strictly(lexicon, "reject", None).await;
    let before = scene.world.network.list_records(&scene.world.alice, STATUS).await.len();
    let refused = async |body: Value, message: &str| {
        let answer = call(&scene.alice, CREATE, &body).await.expect(400);
        assert_eq!(answer, json!({ "error": "InvalidRequest", "message": message }));
    };
    refused(json!({ "status": "longer" }), "invalid record: /status: longer than 5 bytes").await;
    refused(json!({}), "invalid record: /status: is required").await;
    let mut procedure = procedure_lexicon(CREATE);
    procedure["defs"]["main"]["input"] = json!({ "encoding": "application/json", "schema": {
        "type": "object", "required": ["n"], "properties": { "n": { "type": "integer" } },
    }});
    strictly(procedure, "flag", Some("create")).await;
    refused(json!({ "status": "x" }), "invalid input: /n: is required").await;
    let after = scene.world.network.list_records(&scene.world.alice, STATUS).await.len();
    assert_eq!(after, before, "nothing was sent");
    let made = call(&scene.alice, CREATE, &json!({ "status": "x", "n": 1 })).await;
    assert!(scene.read(&uri(&made)).await.is_some());
    // As before, for what comes next.
    strictly(procedure_lexicon(CREATE), "off", Some("create")).await;
    strictly(record_lexicon(STATUS), "off", None).await;
}

/// Row 11.
async fn the_repository_is_the_callers(scene: &Scene<'_>) {
    let of_bob = uri(&call(&scene.bob, PUT, &json!({ "status": "bob's" })).await);
    let rkey = of_bob.rsplit('/').next().unwrap();
    let of_alice = format!("at://{}/{STATUS}/{rkey}", scene.world.alice.did);
    let mut body = json!({ "uri": of_bob, "status": "alice's", "repo": scene.world.bob.did });
    for (nsid, status) in [(UPDATE, "alice's"), (PUT, "alice's too")] {
        body["status"] = status.into();
        assert_eq!(uri(&call(&scene.alice, nsid, &body).await), of_alice);
        let record = scene.read(&of_alice).await.unwrap();
        assert_eq!((&record["status"], &record["repo"]), (&json!(status), &json!(scene.world.bob.did)));
    }
    drop(call(&scene.alice, DELETE, &json!({ "uri": of_bob })).await.expect(200));
    assert_eq!(scene.read(&of_alice).await, None);
    let untouched = Some(json!({ "uri": of_bob, "$type": STATUS, "status": "bob's" }));
    assert_eq!(scene.read(&of_bob).await, untouched);
    assert_eq!(scene.truth(&scene.world.bob, &of_bob).await, untouched);
}

async fn what_the_pds_refuses(scene: &Scene<'_>) {
    let refused = call(&scene.alice, POST, &json!({ "text": 7 })).await;
    assert_eq!(refused.expect(400)["error"], "InvalidRequest");
    assert!(refused.json()["message"].as_str().unwrap().contains("app.bsky.feed.post"), "{refused:?}");
    assert_eq!(refused.header("content-security-policy"), "default-src 'none'; sandbox");
    let counts = scene.server.records.counts().await.unwrap();
    assert!(counts.iter().all(|count| count.collection != "app.bsky.feed.post" || count.records == 0));
}

async fn what_is_refused_before(scene: &Scene<'_>) {
    let before = scene.world.network.list_records(&scene.world.alice, STATUS).await.len();
    let stranger = &scene.server.client;
    let no_session = json!({ "error": "XRPC procedures require DPoP authentication" });
    for body in [json!({ "status": "x" }), json!([])] {
        let answer = stranger.post(&format!("/xrpc/{CREATE}"), &body).await;
        assert_eq!(answer.expect(401), no_session);
    }
    let named = scene.app.http.post(&format!("/xrpc/{CREATE}"), &json!({ "status": "x" })).await;
    assert_eq!(named.expect(401), no_session);
    assert_eq!(scene.server.admin.post(&format!("/xrpc/{CREATE}"), &json!({})).await.status, 401);
    let aimless = call(&scene.alice, AIMLESS, &json!({})).await.expect(400);
    assert_eq!(aimless["error"], format!("{AIMLESS} has no target_collection configured for procedures"));
    for nsid in [UPDATE, DELETE] {
        let answer = call(&scene.alice, nsid, &json!({ "status": "x" })).await;
        assert_eq!(answer.expect(400), json!({ "error": "uri is required" }));
        assert_eq!(call(&scene.alice, nsid, &json!({ "uri": "at://did:plc:a" })).await.status, 400);
    }
    for (body, status) in [
        ("", 400),
        ("[]", 400),
        ("{", 400),
        (r#"{"status":"x","status":"y"}"#, 400),
        (&format!(r#"{{"status":"{}"}}"#, "x".repeat(1 << 20)), 413),
        (&"x".repeat((2 << 20) + 1), 413),
    ] {
        let request = scene.alice.signed(Method::POST, &format!("/xrpc/{CREATE}")).body(body.to_owned());
        assert_eq!(scene.alice.send(request).await.status, status, "{}", &body[..body.len().min(30)]);
    }
    let after = scene.world.network.list_records(&scene.world.alice, STATUS).await.len();
    assert_eq!(after, before, "nothing of this reached the PDS");
}

async fn for_an_account_that_is_shared(scene: &Scene<'_>) {
    let (alice, bob) = (&scene.world.alice.did, &scene.world.bob.did);
    let body = json!({ "status": "by alice, as bob", "delegateDid": bob });
    let stranger = call(&scene.alice, CREATE, &body).await;
    assert_eq!(stranger.status, 403, "{stranger:?}");
    drop(call(&scene.bob, "dev.happyview.delegation.linkAccount", &json!({ "did": bob })).await.expect(201));
    let member = json!({ "accountDid": bob, "userDid": alice, "role": "member" });
    drop(call(&scene.bob, "dev.happyview.delegation.addDelegate", &member).await.expect(201));

    let uri = uri(&call(&scene.alice, CREATE, &body).await);
    assert!(uri.starts_with(&format!("at://{bob}/")), "{uri}");
    let expected = Some(json!({ "uri": uri, "$type": STATUS, "status": "by alice, as bob" }));
    assert_eq!(scene.read(&uri).await, expected);
    assert_eq!(scene.truth(&scene.world.bob, &uri).await, expected);
    // Another app has lists of its own.
    let other = app(&scene.server, "other").await;
    let elsewhere = sign_in(&other, "other", &scene.world.network, &scene.world.alice).await;
    assert_eq!(call(&elsewhere, CREATE, &body).await.status, 403);
    let nonsense = call(&scene.alice, CREATE, &json!({ "delegateDid": "bob" })).await;
    assert!(nonsense.expect(400)["error"].as_str().unwrap().starts_with("delegateDid: "));

    let removed = json!({ "accountDid": bob, "userDid": alice });
    drop(call(&scene.bob, "dev.happyview.delegation.removeDelegate", &removed).await.expect(200));
    assert_eq!(call(&scene.alice, DELETE, &json!({ "uri": uri, "delegateDid": bob })).await.status, 403);
    assert_eq!(scene.read(&uri).await, expected);
}

async fn from_the_dashboard(scene: &Scene<'_>) {
    let alice = &scene.world.alice;
    let page = page(&scene.server, &scene.world.network, alice).await;
    let path = format!("/xrpc/{CREATE}");
    let uri = uri(&page.post(&path, &json!({ "status": "from a browser" })).await);
    assert!(uri.starts_with(&format!("at://{}/", alice.did)), "{uri}");
    assert_eq!(scene.read(&uri).await.unwrap()["status"], "from a browser");
    let foreign =
        page.with_header("origin", "https://evil.example").post(&path, &json!({ "status": "forged" })).await;
    assert_eq!(foreign.status, 403, "{foreign:?}");
    let delegated = json!({ "status": "x", "delegateDid": scene.world.bob.did });
    assert_eq!(page.post(&path, &delegated).await.status, 401, "only an app's users share accounts");
}

/// A PDS may call on behalf of its users, but what it could write is at that PDS anyway.
async fn another_server_reads_and_does_not_write(scene: &Scene<'_>) {
    let service = &scene.server.accounts.service;
    service.choose(Choice::new(Mode::DidWeb, None).unwrap(), None).await.unwrap();
    service.add_entry(Fragment::service("#view").unwrap(), "AppView", None).await.unwrap();
    let audience = scene.server.client.base().replace("http://127.0.0.1:", "did:web:127.0.0.1%3A");
    let pds = scene.world.network.create_session(&scene.world.alice).await.client;
    let token = async |nsid: &str| {
        let query = [("aud", audience.as_str()), ("lxm", nsid)];
        let answer = pds.get_with("/xrpc/com.atproto.server.getServiceAuth", &query).await.expect(200);
        scene.server.client.with_bearer(answer["token"].as_str().unwrap())
    };
    let read = token(GET_STATUSES).await.get(&format!("/xrpc/{GET_STATUSES}")).await;
    assert_eq!(read.status, 200, "{read:?}");
    for body in [json!({ "status": "x" }), json!({ "status": "x", "delegateDid": scene.world.bob.did })] {
        let written = token(CREATE).await.post(&format!("/xrpc/{CREATE}"), &body).await;
        assert_eq!(written.expect(401)["error"], "XRPC procedures require DPoP authentication");
    }
    // Its token is for one method, which scripts do not make more of.
    let (who, asks, acts) = ("com.example.who", "com.example.asks", "com.example.acts");
    scene.server.add(query_of(who, STATUS)).await;
    scene.server.add(query_of(asks, STATUS)).await;
    scene.server.add(NewLexicon::new(procedure_lexicon(acts).to_string())).await;
    let call = format!("xrpc.query('{who}')");
    for (trigger, body) in [
        (format!("xrpc.query:{who}"), "return caller_did or 'nobody'".to_owned()),
        (
            format!("xrpc.query:{asks}"),
            format!(
                "local _, why = pcall(xrpc.procedure, '{CREATE}', {{}}) return {{ caller_did, {call}.body, why }}"
            ),
        ),
        (format!("xrpc.procedure:{acts}"), format!("return {call}")),
    ] {
        let script = json!({ "id": trigger, "body": format!("function handle() {body} end") });
        assert_eq!(scene.server.admin.post("/admin/scripts", &script).await.status / 100, 2);
    }
    let asked = token(asks).await.get(&format!("/xrpc/{asks}")).await.expect(200);
    assert_eq!((&asked[0], &asked[1]), (&json!(scene.world.alice.did), &json!("\"nobody\"")), "{asked}");
    assert!(asked[2].as_str().unwrap().contains("token is for one method"), "{asked}");
    let acted = token(acts).await.post(&format!("/xrpc/{acts}"), &json!({})).await.expect(401);
    assert_eq!(acted["error"], format!("{acts} also calls {who}, which the token is not for"));
}
