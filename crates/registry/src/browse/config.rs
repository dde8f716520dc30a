//! How an image is run: its config, which is a blob of the hold, and so not for whoever may not read there.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt};
use oci::Digest;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::visit::Visit;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Bytes of a config that is read.
const MAX_BYTES: u64 = 1 << 20;

/// Texts of a list, and bytes of each.
const MAX_TEXTS: usize = 256;
const MAX_TEXT: usize = 4 << 10;

/// Steps that made an image.
const MAX_STEPS: usize = 1_000;

/// How an image is run.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = RegistryImageConfig)]
pub(super) struct ConfigView {
    #[schema(required)]
    pub(super) platform: Option<String>,
    #[schema(required)]
    created: Option<String>,
    #[schema(required)]
    author: Option<String>,
    #[schema(required)]
    user: Option<String>,
    #[schema(required)]
    working_dir: Option<String>,
    entrypoint: Vec<String>,
    cmd: Vec<String>,
    env: Vec<String>,
    exposed_ports: Vec<String>,
    pub(super) labels: BTreeMap<String, String>,
    /// The steps that made it, the first first.
    pub(super) history: Vec<StepView>,
}

/// A step that made an image.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistryImageStep)]
pub(super) struct StepView {
    #[schema(required)]
    pub(super) command: Option<String>,
    #[schema(required)]
    created: Option<String>,
    /// Whether it left no layer.
    pub(super) empty: bool,
}

impl ConfigView {
    /// Reads a config. What it says in another form than it should is passed over.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let json: Value = serde_json::from_slice(bytes).ok()?;
        let (run, root) = (json.get("config").unwrap_or(&Value::Null), json.as_object()?);
        let keys = |value: Option<&Value>| {
            let map = value.and_then(Value::as_object);
            map.into_iter().flatten().take(MAX_TEXTS).map(|(key, _)| cut(key)).collect()
        };
        let labels = run.get("Labels").and_then(Value::as_object).into_iter().flatten().take(MAX_TEXTS);
        let labels = labels.filter_map(|(key, value)| Some((cut(key), cut(value.as_str()?))));
        let history = root.get("history").and_then(Value::as_array).into_iter().flatten().take(MAX_STEPS);
        Some(Self {
            platform: platform(&json),
            created: text(root.get("created")),
            author: text(root.get("author")),
            user: text(run.get("User")),
            working_dir: text(run.get("WorkingDir")),
            entrypoint: texts(run.get("Entrypoint")),
            cmd: texts(run.get("Cmd")),
            env: texts(run.get("Env")),
            exposed_ports: keys(run.get("ExposedPorts")),
            labels: labels.collect(),
            history: history.map(StepView::parse).collect(),
        })
    }
}

impl StepView {
    fn parse(step: &Value) -> Self {
        Self {
            command: text(step.get("created_by")),
            created: text(step.get("created")),
            empty: step.get("empty_layer").and_then(Value::as_bool).unwrap_or_default(),
        }
    }
}

/// Where an image runs, as its config says.
fn platform(json: &Value) -> Option<String> {
    let (os, architecture) = (text(json.get("os"))?, text(json.get("architecture"))?);
    let variant = text(json.get("variant")).map(|variant| format!("/{variant}")).unwrap_or_default();
    Some(format!("{os}/{architecture}{variant}"))
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_TEXT)].to_owned()
}

fn text(value: Option<&Value>) -> Option<String> {
    value?.as_str().filter(|text| !text.is_empty()).map(cut)
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.take(MAX_TEXTS).filter_map(Value::as_str).map(cut).collect()
}

impl Registry {
    /// Whether whoever looks may read what is in the hold.
    pub(super) async fn may_read(&self, visit: &Visit) -> Result<bool, Refusal> {
        let viewer = visit.viewer.as_ref();
        let is_at_home = viewer.is_some_and(|viewer| self.authors.is_hosted(viewer));
        Ok(is_at_home || self.hold.rights(viewer).await?.may_read())
    }

    /// A config, if it is here and no larger than configs are.
    pub(super) async fn config(&self, digest: &Digest) -> Result<Option<ConfigView>, Refusal> {
        let bytes = self.small_blob(digest).await?;
        Ok(bytes.and_then(|bytes| ConfigView::parse(&bytes)))
    }

    async fn small_blob(&self, digest: &Digest) -> Result<Option<Bytes>, Refusal> {
        let Some(blob) = self.hold.blobs().open(digest).await? else { return Ok(None) };
        if blob.size() > MAX_BYTES {
            return Ok(None);
        }
        let read = blob.read(0..blob.size()).try_fold(BytesMut::new(), async |mut all, chunk| {
            all.extend_from_slice(&chunk);
            Ok(all)
        });
        // What cannot be read now is left out of what is shown.
        Ok(read.await.ok().map(BytesMut::freeze))
    }

    /// Where images run that do not say so in their records: by their configs, some at a time.
    pub(super) async fn platforms(&self, configs: Vec<Option<String>>) -> Vec<Option<String>> {
        let each = futures::stream::iter(configs).map(|config| async move {
            let digest = config.and_then(|config| Digest::parse(&config).ok())?;
            if let Some(known) = self.browse.platforms.get(&digest).await {
                return Some(known);
            }
            let platform = self.config(&digest).await.ok().flatten()?.platform?;
            self.browse.platforms.insert(digest, platform.clone()).await;
            Some(platform)
        });
        each.buffered(8).collect().await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_odd_is_passed_over_and_what_is_long_is_cut() {
        let config = json!({
            "os": "linux", "architecture": "arm", "variant": "v7", "created": 7,
            "config": { "Cmd": ["a", 1], "Env": "A=b", "Labels": { "x": "y".repeat(9000), "z": 1 }, "ExposedPorts": { "80/tcp": {} } },
            "history": [{ "created_by": "RUN x" }, { "empty_layer": true }, 7],
        });
        let view = ConfigView::parse(config.to_string().as_bytes()).unwrap();
        assert_eq!((view.platform.as_deref(), &*view.cmd), (Some("linux/arm/v7"), &["a".to_owned()][..]));
        assert_eq!((view.created, view.env.len(), view.labels["x"].len()), (None, 0, MAX_TEXT));
        assert_eq!((view.exposed_ports, view.history.len()), (vec!["80/tcp".to_owned()], 3));
        for nothing in ["", "[]", "7", "{"] {
            assert!(ConfigView::parse(nothing.as_bytes()).is_none(), "{nothing}");
        }
        assert!(ConfigView::parse(b"{}").is_some());
    }
}
