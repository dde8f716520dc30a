//! Types of manifests and of layers (spec/registry.md §1.4, §1.6).

/// The types a manifest may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ManifestType {
    /// OCI's image.
    OciImage,
    /// OCI's list of manifests.
    OciIndex,
    /// Docker's image.
    DockerImage,
    /// Docker's list of manifests.
    DockerIndex,
}

impl ManifestType {
    /// The type of this name; parameters have to be [off](Self::without_parameters).
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::OciImage, Self::OciIndex, Self::DockerImage, Self::DockerIndex]
            .into_iter()
            .find(|media_type| media_type.as_str() == name)
    }

    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OciImage => "application/vnd.oci.image.manifest.v1+json",
            Self::OciIndex => "application/vnd.oci.image.index.v1+json",
            Self::DockerImage => "application/vnd.docker.distribution.manifest.v2+json",
            Self::DockerIndex => "application/vnd.docker.distribution.manifest.list.v2+json",
        }
    }

    /// Whether it is a list of manifests.
    #[must_use]
    pub fn is_index(self) -> bool {
        matches!(self, Self::OciIndex | Self::DockerIndex)
    }

    /// A `Content-Type` without what follows the type, in lower case.
    #[must_use]
    pub fn without_parameters(content_type: &str) -> String {
        content_type.split(';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase()
    }
}

impl std::fmt::Display for ManifestType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether it is a type of Docker's first schema, which named layers by no content.
pub(super) fn is_schema_1(name: &str) -> bool {
    name.starts_with("application/vnd.docker.distribution.manifest.v1+")
}

/// Whether layers of this type stay where they came from and are not pushed.
#[must_use]
pub fn is_foreign(media_type: &str) -> bool {
    const OCI: &str = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    const DOCKER: &str = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    media_type == DOCKER
        || media_type.strip_prefix(OCI).is_some_and(|suffix| matches!(suffix, "" | "+gzip" | "+zstd"))
}
