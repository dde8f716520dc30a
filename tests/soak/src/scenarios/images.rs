//! Images are pushed while the registry dies at chosen moments: what was acknowledged is there, what was not can be pushed again.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

use data_encoding::{BASE64, HEXLOWER};
use reqwest::Method;
use serde_json::json;
use testkit::{Answer, HttpClient};

use crate::crash::{By, CRASH_POINTS};
use crate::rig::Rig;
use crate::{Run, wait::PATIENCE};

const OWNER: &str = "alice.test";
const PASSWORD: &str = "correct horse";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// What somebody pushes.
#[derive(Clone)]
struct Image {
    tag: String,
    /// By digest.
    blobs: BTreeMap<String, Vec<u8>>,
    manifest: Vec<u8>,
}

/// The connection broke, or the answer is that of a server that is about to end.
struct Broken;

pub(super) async fn images(run: Run) {
    let mut rig = Rig::new(&run).await;
    add_account(&rig);
    let mut acknowledged: BTreeMap<String, Image> = BTreeMap::new();
    let points: Vec<_> = CRASH_POINTS.iter().filter(|point| point.by == By::Image).collect();
    for (number, point) in (0_u64..).zip(points) {
        if number % 3 != run.seed % 3 {
            continue;
        }
        let at = format!("{}:{}", point.name, rig.chance.between(1, point.times));
        rig.start_to_die(&at).await;
        let start = Instant::now();
        let image = loop {
            assert!(start.elapsed() < PATIENCE, "it did not die at {at}");
            let image = Image::any(&mut rig);
            match push(&client(&rig), &image).await {
                Ok(()) => drop(acknowledged.insert(image.tag.clone(), image)),
                Err(Broken) => break image,
            }
        };
        assert!(rig.has_died_soon().await, "it was to die at {at}");
        rig.kill();
        rig.start().await;
        let client = client(&rig);
        for (tag, known) in acknowledged.iter().filter(|(tag, _)| **tag != image.tag) {
            assert!(is_there(&client, known).await, "{tag}, after {at}");
        }
        let before = acknowledged.get(&image.tag);
        let is_one_or_the_other = match before {
            Some(before) => is_there(&client, before).await || is_there(&client, &image).await,
            None => is_there(&client, &image).await || is_nowhere(&client, &image).await,
        };
        assert!(
            is_one_or_the_other,
            "{} is neither what it was nor what it was to be, after {at}",
            image.tag
        );
        assert!(push(&client, &image).await.is_ok(), "{} cannot be pushed again", image.tag);
        assert!(is_there(&client, &image).await, "{} is not what was pushed again", image.tag);
        acknowledged.insert(image.tag.clone(), image);
        rig.stop().await;
    }
}

fn add_account(rig: &Rig) {
    let mut add = rig.place.options.command(&["registry", "account", "add", OWNER, "--password-stdin"]);
    add.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut adding = add.spawn().unwrap();
    adding.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    let added = adding.wait_with_output().unwrap();
    assert!(added.status.success(), "{added:?}");
}

fn client(rig: &Rig) -> HttpClient {
    let basic = format!("Basic {}", BASE64.encode(format!("{OWNER}:{PASSWORD}").as_bytes()));
    rig.server().client.with_header("authorization", &basic)
}

impl Image {
    fn any(rig: &mut Rig) -> Self {
        let tag = format!("v{}", rig.chance.below(4));
        let mut blobs = BTreeMap::new();
        let mut descriptors = Vec::new();
        for _ in 0..2 {
            let content = vec![u8::try_from(rig.chance.below(256)).unwrap(); rig.chance.between(1, 3000)];
            let digest = digest(&content);
            let size = content.len();
            descriptors
                .push(json!({ "mediaType": "application/octet-stream", "digest": digest, "size": size }));
            blobs.insert(digest, content);
        }
        let [config, layer] = descriptors.try_into().unwrap();
        let manifest =
            json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer] });
        Self { tag, blobs, manifest: manifest.to_string().into_bytes() }
    }
}

fn digest(content: &[u8]) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, content);
    format!("sha256:{}", HEXLOWER.encode(hash.as_ref()))
}

async fn push(client: &HttpClient, image: &Image) -> Result<(), Broken> {
    for (digest, content) in &image.blobs {
        let begun = send(client, Method::POST, &path("blobs/uploads/"), None).await?;
        let location = begun.header("location").to_owned();
        let location = location.strip_prefix(client.base()).unwrap_or(&location).to_owned();
        let to = format!("{location}{}digest={digest}", if location.contains('?') { '&' } else { '?' });
        send(client, Method::PUT, &to, Some(("application/octet-stream", content))).await?;
    }
    let manifest = Some((MANIFEST, &image.manifest));
    send(client, Method::PUT, &path(&format!("manifests/{}", image.tag)), manifest).await.map(drop)
}

fn path(of: &str) -> String {
    format!("/v2/{OWNER}/app/{of}")
}

async fn send(
    client: &HttpClient,
    method: Method,
    path: &str,
    body: Option<(&str, &Vec<u8>)>,
) -> Result<Answer, Broken> {
    let mut request = client.request(method, path);
    if let Some((media_type, bytes)) = body {
        request = request.header("content-type", media_type).body(bytes.clone());
    }
    let answer = client.try_send(request).await.map_err(|_| Broken)?;
    assert!(matches!(answer.status, 201 | 202), "{path}: {} {}", answer.status, answer.text);
    Ok(answer)
}

/// Whether an image can be pulled as it was pushed.
async fn is_there(client: &HttpClient, image: &Image) -> bool {
    let (by_digest, by_tag) =
        (format!("manifests/{}", digest(&image.manifest)), format!("manifests/{}", image.tag));
    for of in [by_digest, by_tag] {
        let request = client.request(Method::GET, &path(&of)).header("accept", MANIFEST);
        let answer = request.send().await.unwrap();
        if answer.status() != 200 || answer.bytes().await.unwrap() != image.manifest {
            return false;
        }
    }
    for (digest, content) in &image.blobs {
        let answer = client.request(Method::GET, &path(&format!("blobs/{digest}"))).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{digest} is missing, and its manifest is there");
        assert_eq!(answer.bytes().await.unwrap(), *content);
    }
    true
}

async fn is_nowhere(client: &HttpClient, image: &Image) -> bool {
    let request = client.request(Method::GET, &path(&format!("manifests/{}", image.tag)));
    request.send().await.unwrap().status() == 404
}
