//! A real server of the fediverse, which shares no code with ours, believes what we sign, and we what it signs.

mod ours;
mod recorder;
mod theirs;

use std::time::SystemTime;

use activitypub::media_type;
use activitypub::object::{Actor, ActorType, Document};
use activitypub::signature::{
    Form, KeyId, PrivateKey, Request, SignatureError, Signed, Signer, Terms, Window,
};
use activitypub::write::ActorDocument;
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;
use testkit::Fedify;
use url::Url;

use self::recorder::Recorded;

const PROTOCOL: [(&str, Form); 2] = [("draft", Form::Draft), ("rfc9421", Form::Message)];

fn actor_document(base: &str, key: &PrivateKey) -> Value {
    let id = format!("{base}/users/alice");
    let actor = ActorDocument {
        id: &id,
        actor_type: ActorType::Person,
        preferred_username: "alice",
        name: "Alice",
        summary: "hi",
        url: &id,
        shared_inbox: &format!("{base}/inbox"),
        public_key_pem: &key.public_key().unwrap().to_pem().unwrap(),
        manually_approves_followers: false,
        discoverable: true,
        published: None,
        updated: None,
        icon: None,
        image: None,
        also_known_as: &[],
        moved_to: None,
        fields: &[],
    };
    actor.to_json()
}

/// What the peer shows to anybody.
async fn get(url: &str) -> String {
    let request = reqwest::Client::new().get(url).header("accept", media_type::ACCEPT);
    request.send().await.unwrap().error_for_status().unwrap().text().await.unwrap()
}

async fn get_actor(peer: &Fedify, name: &str) -> Actor {
    let text = get(&format!("{}/users/{name}", peer.origin())).await;
    let document = Document::parse(text.as_bytes(), Document::MAX_FETCHED).unwrap();
    Actor::read(document.node()).unwrap()
}

/// Sends what `key` signs; answers with status and body.
async fn send(
    key: &PrivateKey,
    form: Form,
    key_id: &str,
    url: &str,
    body: Option<&Value>,
    sent: Option<&str>,
) -> (StatusCode, String) {
    let (url, id) = (Url::parse(url).unwrap(), KeyId::parse(key_id).unwrap());
    let text = body.map(Value::to_string);
    let mut headers = HeaderMap::new();
    let (method, described) =
        if body.is_some() { (Method::POST, "content-type") } else { (Method::GET, "accept") };
    headers.insert(described, media_type::ACTIVITY.parse().unwrap());
    let signer = Signer { key_id: &id, key, form, with_query: true };
    signer.sign(&method, &url, &mut headers, text.as_deref().map(str::as_bytes), SystemTime::now()).unwrap();
    let body = sent.map(str::to_owned).or(text).unwrap_or_default();
    let request = reqwest::Client::new().request(method, url).headers(headers).body(body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// Whether `actor` sent the request, as a server would find out.
fn verify(request: &Recorded, base: &str, actor: &Actor) -> Result<Form, SignatureError> {
    let url = Url::parse(base).unwrap();
    let authority = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let Recorded { method, target, headers, body } = request;
    let request = Request { method, scheme: "http", authority: &authority, target, headers };
    let signed = Signed::read(&request, &Terms { now: SystemTime::now(), window: Window::default(), body })?;
    let key = actor.key(signed.key_id()).ok_or(SignatureError::Wrong)?;
    signed.verify(&key.public_key()?).map(|()| signed.form())
}
