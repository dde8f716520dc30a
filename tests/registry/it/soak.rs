//! Whatever is pushed, moved, deleted and mounted, with garbage collected all the time and the server killed now and then: tags,
//! manifests, referrers and blobs are what the model says.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use registry_conformance::Repository;
use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, Builder};
use serde_json::{Value, json};
use testkit::{Belvedere, Chance, for_each_seed};
use tokio::time::sleep;

use crate::ours::{ALICE, Blobs, Registry};
use crate::stubborn::{pull, push, tags};

const STEPS: usize = 25;

/// Garbage is gone by then.
const PATIENCE: Duration = Duration::from_secs(30);

const REPOSITORIES: [&str; 2] = ["alice.test/one", "alice.test/two"];

/// Few, so that they are moved.
const TAGS: [&str; 3] = ["first", "second", "third"];

/// Few, so that images share them.
const LAYERS: usize = 4;

/// An image that is there.
#[derive(Clone, Debug)]
struct Image {
    blobs: BTreeSet<String>,
    /// Describes it.
    descriptor: Value,
    subject: Option<String>,
}

/// What is in a repository.
#[derive(Debug, Default)]
struct Model {
    images: BTreeMap<String, Image>,
    tags: BTreeMap<String, String>,
}

struct World {
    /// Missing only while it is started again.
    registry: Option<Registry>,
    client: Client,
    models: [Model; 2],
    /// Blobs that were ever in an image of a repository, and images that were there.
    blobs: [BTreeSet<String>; 2],
    gone: [BTreeSet<String>; 2],
    chance: Chance,
}

#[tokio::test(flavor = "multi_thread")]
async fn soak_the_registry_has_what_the_model_says() {
    for_each_seed(|seed| async move {
        let settings = [("REGISTRY_GC_INTERVAL", "1"), ("REGISTRY_GC_GRACE", "0")];
        let registry = Registry::start_with(&Blobs::Folder, &settings).await;
        let client = Client::new(&registry.target(ALICE)).unwrap();
        let (blobs, gone) = (Default::default(), Default::default());
        let mut world = World {
            registry: Some(registry),
            client,
            models: Default::default(),
            blobs,
            gone,
            chance: Chance::of(seed),
        };
        for _ in 0..STEPS {
            world.step().await;
        }
        world.compare().await;
    })
    .await;
}

impl World {
    fn at(&self, number: usize) -> Repository<'_> {
        Repository { client: &self.client, name: REPOSITORIES[number] }
    }

    fn some_image(&mut self, number: usize) -> Option<String> {
        let there: Vec<String> = self.models[number].images.keys().cloned().collect();
        (!there.is_empty()).then(|| self.chance.pick(&there).clone())
    }

    async fn step(&mut self) {
        let number = self.chance.below(REPOSITORIES.len());
        match self.chance.below(12) {
            0..=5 => self.push(number).await,
            6 => self.tag_again(number).await,
            7 => self.delete_image(number).await,
            8 => self.delete_tag(number).await,
            9 => self.leave_upload(number).await,
            10 => self.mount(number).await,
            _ => self.kill().await,
        }
    }

    /// An image with a configuration of its own and layers that others may have, perhaps about another image.
    async fn push(&mut self, number: usize) {
        let subject = if self.chance.one_in(3) { self.some_image(number) } else { None };
        let tag = self.chance.one_in(2).then(|| *self.chance.pick(&TAGS));
        let mut builder = Builder::new("image", Algorithm::Sha256);
        let config = builder.config("amd64");
        let layers: Vec<Value> = (0..2)
            .map(|_| {
                let content = format!("layer {}", self.chance.below(LAYERS));
                builder.blob("application/vnd.oci.image.layer.v1.tar", content.into_bytes())
            })
            .collect();
        let about = subject.as_ref().map(|subject| self.models[number].images[subject].descriptor.clone());
        let more = about.map_or(json!({}), |descriptor| json!({ "subject": descriptor }));
        let tag = tag.into_iter().collect::<Vec<_>>();
        let descriptor = builder.manifest(&tag, json!({ "config": config, "layers": layers }), more);
        let set = builder.done();
        push(self.at(number), &set).await.unwrap();
        let digest = set.manifests[0].digest.clone();
        let blobs: BTreeSet<String> = set.blobs.iter().map(|blob| blob.digest.clone()).collect();
        self.blobs[number].extend(blobs.iter().cloned());
        let model = &mut self.models[number];
        model.tags.extend(tag.into_iter().map(|tag| (tag.to_owned(), digest.clone())));
        model.images.insert(digest, Image { blobs, descriptor, subject });
    }

    async fn tag_again(&mut self, number: usize) {
        let Some(digest) = self.some_image(number) else { return };
        let tag = *self.chance.pick(&TAGS);
        let at = self.at(number);
        let found = at.get(&format!("manifests/{digest}")).await.unwrap().expect(&[200]).unwrap();
        let media_type = "application/vnd.oci.image.manifest.v1+json";
        at.put_manifest(tag, media_type, found.body.clone()).await.unwrap().expect(&[201]).unwrap();
        self.models[number].tags.insert(tag.to_owned(), digest);
    }

    async fn delete_image(&mut self, number: usize) {
        let Some(digest) = self.some_image(number) else { return };
        let deleted = self.at(number).delete(&format!("manifests/{digest}")).await.unwrap();
        deleted.expect(&[202]).unwrap();
        let model = &mut self.models[number];
        model.images.remove(&digest);
        model.tags.retain(|_, of| *of != digest);
        self.gone[number].insert(digest);
    }

    async fn delete_tag(&mut self, number: usize) {
        let tag = *self.chance.pick(&TAGS);
        let status = if self.models[number].tags.remove(tag).is_some() { 202 } else { 404 };
        let deleted = self.at(number).delete(&format!("manifests/{tag}")).await.unwrap();
        deleted.expect(&[status]).unwrap();
    }

    /// Something that nobody needs.
    async fn leave_upload(&mut self, number: usize) {
        self.at(number).begin().await.unwrap();
    }

    async fn mount(&mut self, number: usize) {
        let Some(image) = self.some_image(number) else { return };
        let blob = self.models[number].images[&image].blobs.first().unwrap().clone();
        let (to, from) = (self.at(1 - number), REPOSITORIES[number]);
        let mounted = to.post(&format!("?mount={blob}&from={from}"), Vec::new().into()).await.unwrap();
        mounted.expect(&[201]).unwrap();
        self.blobs[1 - number].insert(blob);
    }

    async fn kill(&mut self) {
        let mut registry = self.registry.take().unwrap();
        registry.server.kill();
        registry.server = Belvedere::start(&registry.options).await;
        self.registry = Some(registry);
    }

    async fn compare(&self) {
        for (number, model) in self.models.iter().enumerate() {
            let at = self.at(number);
            let listed = match tags(at).await {
                Ok(listed) => listed,
                // Where there has never been anything there is no repository.
                Err(error) => {
                    assert!(model.images.is_empty(), "{error:#}");
                    Vec::new()
                }
            };
            let listed: BTreeSet<String> = listed.into_iter().collect();
            assert_eq!(listed, model.tags.keys().cloned().collect(), "{}", at.name);
            for (tag, digest) in &model.tags {
                assert_eq!(pull(at, tag).await.unwrap(), *digest, "{tag}");
            }
            for digest in model.images.keys() {
                assert_eq!(pull(at, digest).await.unwrap(), *digest);
                self.compare_referrers(number, digest).await;
            }
            for digest in &self.gone[number] {
                at.get(&format!("manifests/{digest}")).await.unwrap().expect(&[404]).unwrap();
            }
        }
        self.only_what_is_needed_remains().await;
    }

    async fn compare_referrers(&self, number: usize, digest: &str) {
        let answer =
            self.at(number).get(&format!("referrers/{digest}")).await.unwrap().expect(&[200]).unwrap();
        let listed = answer.json().unwrap();
        let listed = listed["manifests"].as_array().unwrap().iter();
        let listed: BTreeSet<String> = listed.map(|it| it["digest"].as_str().unwrap().to_owned()).collect();
        let about = self.models[number].images.iter().filter(|(_, it)| it.subject.as_deref() == Some(digest));
        assert_eq!(listed, about.map(|(digest, _)| digest.clone()).collect(), "about {digest}");
    }

    /// Sooner or later; and what is needed is there all the time.
    async fn only_what_is_needed_remains(&self) {
        let all: Vec<&BTreeSet<String>> =
            self.models.iter().flat_map(|model| model.images.values().map(|image| &image.blobs)).collect();
        let start = Instant::now();
        for number in 0..REPOSITORIES.len() {
            let needed: BTreeSet<&String> =
                self.models[number].images.values().flat_map(|image| &image.blobs).collect();
            for blob in &self.blobs[number] {
                let status =
                    || async { self.at(number).head(&format!("blobs/{blob}")).await.unwrap().status };
                if needed.contains(blob) {
                    assert_eq!(status().await, 200, "{blob} is needed");
                } else if !all.iter().any(|blobs| blobs.contains(blob)) {
                    while status().await != 404 {
                        assert!(start.elapsed() < PATIENCE, "{blob} is garbage and still there");
                        sleep(Duration::from_millis(50)).await;
                    }
                }
            }
        }
    }
}
