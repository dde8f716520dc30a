//! Where an image runs.

use serde::Deserialize;

use super::Limits;
use super::fields::texts;

/// The platform of one entry of an index. Whoever lists something that runs nowhere leaves it empty or says `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Platform {
    /// The processor, as Go names it: `amd64`, `arm64`.
    #[serde(default)]
    pub architecture: String,
    /// The operating system, as Go names it: `linux`, `windows`.
    #[serde(default)]
    pub os: String,
    /// The version of the operating system.
    #[serde(rename = "os.version")]
    pub os_version: Option<String>,
    /// What the operating system has to have.
    #[serde(rename = "os.features", default, deserialize_with = "texts::<_, { Limits::TEXTS }>")]
    pub os_features: Vec<String>,
    /// The variant of the processor: `v7`, `v8`.
    pub variant: Option<String>,
}
