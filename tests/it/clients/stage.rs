//! What clients find: the server with an app on it, the name it is known by, the app's API clients, and a user.

use serde_json::{Value, json};
use testkit::network::{Account, Record};
use testkit::{Belvedere, HttpClient, NetworkOptions, TestDatabase};

use super::programs;
use crate::scene::Scene;

/// The collection of the app, which is that of the network's own lexicons.
pub(super) const NOTE: &str = "com.example.demo.note";

/// The permission set of the app.
pub(super) const NOTES_SET: &str = "com.example.demo.authBasic";

const LIST_NOTES: &str = "com.example.demo.listNotes";
const CREATE_NOTE: &str = "com.example.demo.createNote";

/// The name under which the server offers the app in its DID document.
pub(super) const FRAGMENT: &str = "notes";

/// A network with one user and the lexicons of the app; `None`, with a loud word, if the machine cannot have that.
pub(super) async fn scene(database: TestDatabase) -> Option<Scene> {
    if !programs::are_installed() {
        return None;
    }
    Scene::with(database, NetworkOptions { accounts: 1, lexicons: true, ..NetworkOptions::default() }).await
}

/// How a client names the app.
pub(super) fn service(did: &str) -> Value {
    json!({ "did": did, "fragment": FRAGMENT })
}

/// The server with the app on it, and its user.
pub(super) struct Stage<'s> {
    pub(super) user: Account,
    scene: &'s Scene,
    server: &'s Belvedere,
    admin: HttpClient,
    /// The app's methods, as clients know them.
    methods: [Value; 2],
}

/// An API client to register.
pub(super) struct ApiClient<'a> {
    pub(super) client_type: &'a str,
    pub(super) callback: &'a str,
    pub(super) scopes: &'a str,
}

impl<'s> Stage<'s> {
    pub(super) async fn set(scene: &'s Scene, server: &'s Belvedere) -> Self {
        let user = scene.network.accounts().await.remove(0);
        let admin = scene.place.admin(server);
        for (nsid, attributes) in [
            (NOTE, &[][..]),
            (NOTES_SET, &[]),
            (LIST_NOTES, &["--target-collection", NOTE]),
            (CREATE_NOTE, &["--target-collection", NOTE]),
        ] {
            scene.place.json(&[&["lexicon", "add", nsid], attributes].concat());
        }
        let document = async |nsid: &str| {
            admin.get(&format!("/admin/lexicons/{nsid}")).await.expect(200)["lexicon_json"].take()
        };
        let methods = [document(LIST_NOTES).await, document(CREATE_NOTE).await];
        Self { user, scene, server, admin, methods }
    }

    /// Has the server registered in the PLC directory, offering everything; returns its DID.
    pub(super) async fn known_by_did_plc(&self) -> String {
        _ = self.admin.post("/api/setup/identity", &json!({ "mode": "did_plc" })).await.expect(204);
        let entry = json!({ "fragment_id": format!("#{FRAGMENT}"), "service_type": "DemoAppView" });
        _ = self.admin.post("/admin/service-entries", &entry).await.expect(201);
        let registered = self.admin.post("/api/setup/plc/register", &json!({})).await.expect(200);
        _ = self.admin.post("/api/setup/complete", &json!({})).await.expect(204);
        registered["did"].as_str().unwrap().to_owned()
    }

    /// Has the server describe itself instead. On loopback, a `did:web` begins with `localhost`.
    pub(super) async fn known_by_did_web(&self) -> String {
        let port = self.server.url().rsplit(':').next().unwrap();
        let domain = json!({ "url": format!("http://localhost:{port}") });
        _ = self.admin.post("/admin/domains", &domain).await.expect(201);
        _ = self.admin.put("/admin/service-identity", &json!({ "mode": "did_web" })).await.expect(204);
        format!("did:web:localhost%3A{port}")
    }

    /// Registers an API client of an app on this machine, whose name tells authorization servers all about it.
    pub(super) async fn register(&self, client: ApiClient<'_>) -> Value {
        let ApiClient { client_type, callback, scopes } = client;
        let mut id = reqwest::Url::parse("http://localhost").unwrap();
        id.query_pairs_mut().append_pair("redirect_uri", callback).append_pair("scope", scopes);
        // No slash may stand after the name.
        let id = id.as_str().replacen("/?", "?", 1);
        let client = json!({
            "name": client_type,
            "client_id_url": id,
            "client_uri": "http://127.0.0.1:7777",
            "redirect_uris": [callback],
            "scopes": scopes,
            "client_type": client_type,
        });
        let made = self.admin.post("/admin/api-clients", &client).await.expect(201);
        let (key, secret) = (&made["client_key"], &made["client_secret"]);
        assert_eq!(secret.is_string(), client_type == "confidential", "{made}");
        json!({ "key": key, "secret": secret, "id": id, "redirectUri": callback, "scopes": scopes })
    }

    /// Runs a program here; `given` is what it needs besides.
    pub(super) fn run(&self, program: &str, given: Value) -> Value {
        let (at, user) = (&self.scene.network.endpoints, &self.user);
        let mut surroundings = json!({
            "server": self.server.url(),
            "network": { "plc": at.plc, "doh": at.doh, "control": at.control },
            "account": { "handle": user.handle, "password": user.password, "pds": user.pds },
            "app": { "lexicons": self.methods, "query": LIST_NOTES, "procedure": CREATE_NOTE },
        });
        let Value::Object(given) = given else { panic!("not an object: {given}") };
        surroundings.as_object_mut().unwrap().extend(given);
        programs::run(program, &surroundings)
    }

    /// What the user's PDS has under a URI.
    pub(super) async fn note_in_repository(&self, uri: &str) -> Record {
        let prefix = format!("at://{}/{NOTE}/", self.user.did);
        let rkey = uri.strip_prefix(&prefix).unwrap_or_else(|| panic!("{uri} is not a note of the user"));
        self.scene.network.get_record(&self.user, NOTE, rkey).await.unwrap()
    }

    /// How many calls in somebody's name were believed so far.
    pub(super) async fn accepted_tokens(&self) -> u64 {
        let metrics = self.server.metrics().await;
        let name = r#"service_auth_tokens_total{outcome="accepted"} "#;
        metrics.lines().find_map(|line| line.strip_prefix(name)).map_or(0, |count| count.parse().unwrap())
    }
}
