//! From bytes to a manifest.

use std::borrow::Cow;

use serde::Deserialize;

use super::descriptor::is_media_type;
use super::fields::{Object, object, objects};
use super::media_type::is_schema_1;
use super::{Annotations, Content, Descriptor, Limits, Manifest, ManifestType};
use crate::excerpt::excerpt;
use crate::{Error, ErrorCode};

/// A manifest of any type; fields that are not known are none of our business.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'b> {
    schema_version: Option<u64>,
    media_type: Option<Cow<'b, str>>,
    artifact_type: Option<Cow<'b, str>>,
    #[serde(borrow, default, deserialize_with = "object")]
    config: Option<Descriptor<'b>>,
    #[serde(borrow, default, deserialize_with = "objects::<_, _, { Limits::DESCRIPTORS }>")]
    layers: Option<Vec<Descriptor<'b>>>,
    #[serde(borrow, default, deserialize_with = "objects::<_, _, { Limits::DESCRIPTORS }>")]
    manifests: Option<Vec<Descriptor<'b>>>,
    #[serde(borrow, default, deserialize_with = "object")]
    subject: Option<Descriptor<'b>>,
    #[serde(borrow)]
    annotations: Option<Annotations<'b>>,
}

impl<'b> Manifest<'b> {
    /// Reads a manifest that came with this `Content-Type`, or with none.
    ///
    /// What is none is 400 `MANIFEST_INVALID`, what is too large 413 `SIZE_INVALID`. A manifest that clients could take for
    /// an image as well as for an index is refused, and so is one that has a field twice.
    pub fn parse(bytes: &'b [u8], content_type: Option<&str>, limits: &Limits) -> Result<Self, Error> {
        if bytes.len() > limits.bytes {
            return Err(Error::too_large(limits.bytes));
        }
        let json = str::from_utf8(bytes).map_err(|_| invalid("a manifest is JSON in UTF-8"))?;
        if !limits.allow_depth(json) {
            return Err(invalid(format!("it is nested more than {} levels deep", limits.depth)));
        }
        let Object(wire) = serde_json::from_str::<Object<Wire<'b>>>(json)
            .map_err(|error| invalid(format!("it can not be read: {}", excerpt(&error.to_string()))))?;
        wire.check(content_type)
    }
}

impl<'b> Wire<'b> {
    fn check(self, content_type: Option<&str>) -> Result<Manifest<'b>, Error> {
        let media_type = self.decide(content_type)?;
        if self.schema_version != Some(2) {
            return Err(invalid("its schemaVersion has to be 2"));
        }
        let named = [&self.layers, &self.manifests].into_iter().flatten().flatten();
        if let Some(fault) = named.chain(&self.config).chain(&self.subject).find_map(Descriptor::fault) {
            return Err(invalid(fault));
        }
        let artifact_type = self.artifact_type.filter(|artifact_type| !artifact_type.is_empty());
        if artifact_type.as_deref().is_some_and(|artifact_type| !is_media_type(artifact_type)) {
            return Err(invalid("its artifactType is not a media type"));
        }
        let layers = self.layers.unwrap_or_default();
        let manifests = self.manifests.unwrap_or_default();
        let content = match (media_type.is_index(), self.config) {
            (true, None) if layers.is_empty() => Content::Index { manifests },
            (true, _) => return Err(invalid("a list of manifests has neither config nor layers")),
            (false, Some(config)) if manifests.is_empty() => {
                Content::Image { config: Box::new(config), layers }
            }
            (false, Some(_)) => return Err(invalid("an image has no manifests in it")),
            (false, None) => return Err(invalid("an image needs a config")),
        };
        Ok(Manifest {
            media_type,
            content,
            subject: self.subject,
            artifact_type,
            annotations: self.annotations,
        })
    }

    /// The type: what the request and the manifest itself say has to be one, and if neither says anything, its fields tell.
    fn decide(&self, content_type: Option<&str>) -> Result<ManifestType, Error> {
        let sent = content_type.map(ManifestType::without_parameters).filter(|sent| !sent.is_empty());
        let own = self.media_type.as_deref().filter(|own| !own.is_empty());
        let name = match (sent.as_deref(), own) {
            (Some(sent), Some(own)) if sent != own => {
                return Err(invalid(format!(
                    "its mediaType {:?} is not the Content-Type {:?}",
                    excerpt(own),
                    excerpt(sent)
                )));
            }
            (Some(name), _) | (None, Some(name)) => name,
            (None, None) if self.config.is_some() => return Ok(ManifestType::OciImage),
            (None, None) if self.manifests.is_some() => return Ok(ManifestType::OciIndex),
            (None, None) => return Err(invalid("nothing says of which type it is; send a Content-Type")),
        };
        if is_schema_1(name) {
            return Err(invalid("schema 1 is too old; push the image with a newer client"));
        }
        ManifestType::parse(name)
            .ok_or_else(|| invalid(format!("{:?} is not the type of a manifest", excerpt(name))))
    }
}

fn invalid(why: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorCode::ManifestInvalid, why)
}
