//! Which image needs which blob.

use atproto::Did;
use clock::now_micros;
use oci::Digest;
use serde::Serialize;
use store::{Conn, Engine, v};

use crate::keys::Collection;
use crate::quota::{Usage, grow, shrink};
use crate::{Error, HeldLayer, Hold, gone};

/// A blob as an image names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Which.
    pub digest: Digest,
    /// In bytes, as somebody says.
    pub size: u64,
    /// What it is.
    pub media_type: String,
}

/// An image in a repository, and the blobs it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Whose image it is, and so whose room it takes.
    pub owner: Did,
    /// The repository, without its owner.
    pub repository: String,
    /// The manifest.
    pub manifest: Digest,
    /// What it needs, each once: config and layers.
    pub layers: Vec<Layer>,
}

/// How a statement is given many layers.
#[derive(Serialize)]
struct Written<'l> {
    digest: String,
    size: u64,
    r#type: &'l str,
}

impl Hold {
    /// Keeps the blobs of an image from now on, until it is [released](Self::release): called before anybody is told that the
    /// image is there. Once more for the same image changes nothing. Of who has no room for it nothing is kept.
    ///
    /// All blobs have to be here. Garbage collection that is under way passes them by, or it was quicker, and who asks is told. They
    /// take as much room as there are bytes of them here, whatever size somebody gave them.
    pub async fn keep(&self, mut image: Kept) -> Result<Usage, Error> {
        for layer in &mut image.layers {
            let size = self.blobs().head(&layer.digest).await?;
            layer.size = size.ok_or(Error::Missing(layer.digest))?;
        }
        let is_captain = image.owner == self.captain().owner;
        let (tiers, to_write) = (self.inner().tiers.clone(), image.clone());
        let written = self.inner().state.write(move |conn| {
            let (owner, layers) = (to_write.owner.as_str(), written(&to_write.layers));
            let usage = grow(conn, owner, &layers, (!is_captain).then_some(&tiers))?;
            let is_new = insert(conn, &to_write, &layers)? > 0;
            Ok::<_, Error>((usage, is_new))
        });
        let (usage, is_new) = written.await?;
        for layer in &image.layers {
            // After the rows are there: whoever looked for them before does not sweep what was touched since.
            if !self.blobs().touch(&layer.digest).await? {
                if is_new {
                    self.release(&image.owner, &image.repository, &image.manifest).await?;
                }
                return Err(Error::Missing(layer.digest));
            }
        }
        Ok(usage)
    }

    /// Whether an image that needs any blobs is kept. Not so of one that needs none: there is nothing to keep.
    pub async fn keeps(&self, owner: &Did, repository: &str, manifest: &Digest) -> Result<bool, Error> {
        let (owner, repository, manifest) = (owner.clone(), repository.to_owned(), manifest.to_string());
        let read = self.inner().state.read_brief(move |conn| {
            let sql = "SELECT 1 FROM hold_layers
                WHERE owner_did = $1 AND repository = $2 AND manifest = $3 LIMIT 1";
            let image = [v(owner.as_str()), v(&repository), v(&manifest)];
            conn.query_opt(sql, &image, |_| Ok::<_, store::Error>(())).map(|row| row.is_some())
        });
        Ok(read.await?)
    }

    /// Says that an image is gone. Blobs that no other image needs are left to garbage collection.
    pub async fn release(&self, owner: &Did, repository: &str, manifest: &Digest) -> Result<(), Error> {
        let (owner, repository, manifest) = (owner.clone(), repository.to_owned(), manifest.to_string());
        let written = self.inner().state.write(move |conn| {
            let sql = "DELETE FROM hold_layers WHERE owner_did = $1 AND repository = $2 AND manifest = $3
                RETURNING owner_did, repository, manifest, digest, size, media_type, created_at";
            let key = [v(owner.as_str()), v(&repository), v(&manifest)];
            let gone = conn.query(sql, &key, HeldLayer::from_row)?;
            if gone.is_empty() {
                return Ok(());
            }
            let rkeys: Vec<_> = gone.iter().map(HeldLayer::rkey).collect();
            gone::note(conn, Collection::Layer, &rkeys)?;
            let layers: Vec<_> = gone
                .iter()
                .map(|HeldLayer { digest, size, media_type, .. }| {
                    serde_json::json!({"digest": digest, "size": size, "type": media_type})
                })
                .collect();
            shrink(conn, owner.as_str(), &serde_json::json!(layers).to_string())
        });
        Ok(written.await?)
    }
}

fn written(layers: &[Layer]) -> String {
    let written: Vec<_> = layers
        .iter()
        .map(|layer| Written {
            digest: layer.digest.to_string(),
            size: layer.size,
            r#type: &layer.media_type,
        })
        .collect();
    serde_json::json!(written).to_string()
}

/// The table that the JSON in the parameter of this number is, with a column `value` of `{digest, size, type}`.
pub(crate) fn layers_in(engine: Engine, parameter: u8) -> String {
    match engine {
        Engine::Sqlite => format!("json_each(${parameter})"),
        Engine::Postgres => format!("jsonb_array_elements(${parameter}::text::jsonb) AS layer (value)"),
    }
}

/// How many were not there.
fn insert(conn: &mut Conn<'_>, image: &Kept, layers: &str) -> Result<u64, store::Error> {
    let sql = format!(
        "INSERT INTO hold_layers (owner_did, repository, manifest, digest, size, media_type, created_at)
        SELECT $1, $2, $3, value->>'digest', CAST(value->>'size' AS BIGINT), value->>'type', $4 FROM {}
        WHERE TRUE ON CONFLICT DO NOTHING",
        layers_in(conn.engine(), 5)
    );
    let Kept { owner, repository, manifest, .. } = image;
    conn.execute(
        &sql,
        &[v(owner.as_str()), v(repository), v(&manifest.to_string()), v(now_micros()), v(layers)],
    )
}
