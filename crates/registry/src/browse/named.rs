//! From what somebody writes in an address to a repository.
//!
//! Names of repositories have slashes, and what follows one in a path could be part of it. So the name is a parameter, written as
//! clients write it; a path with an escaped slash would be read in two ways, by us and by a proxy in front of us.

use atproto::Did;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use oci::{Digest, RepositoryName};
use serde::Deserialize;
use server::Problem;
use utoipa::IntoParams;

use crate::registry::Registry;
use crate::{Repository, UnknownOwner};

/// Which repository.
#[derive(Deserialize, IntoParams)]
pub(super) struct Named {
    /// The whole name, as container clients write it: `alice.example.com/team/app`.
    pub(super) repository: String,
}

/// Which manifest of which repository.
#[derive(Deserialize, IntoParams)]
pub(super) struct NamedManifest {
    /// The whole name, as container clients write it: `alice.example.com/team/app`.
    pub(super) repository: String,
    /// `sha256:…` or `sha512:…`
    pub(super) digest: String,
}

impl NamedManifest {
    pub(super) fn digest(&self) -> Result<Digest, Problem> {
        Digest::parse(&self.digest).map_err(|error| Problem::bad_request(error.message().to_owned()))
    }
}

impl Registry {
    /// The repository of this name, whether it exists or not.
    pub(super) async fn named(&self, name: &str) -> Result<Repository, Problem> {
        let name = RepositoryName::parse(name);
        let name = name.map_err(|error| Problem::bad_request(error.message().to_owned()))?;
        self.owners.find(&name).await.map_err(|error| match error {
            UnknownOwner::Nobody => Problem::not_found(format!("nobody is called {}", name.owner())),
            UnknownOwner::Unavailable(error) => {
                let text = format!("cannot find out who {} is, try again in a moment", name.owner());
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, text)
                    .with_header(RETRY_AFTER, HeaderValue::from_static("5"))
                    .caused_by(error)
            }
        })
    }

    /// Whoever is called so: a handle, or a DID in either of its spellings.
    pub(super) async fn owner_named(&self, owner: &str) -> Result<Did, Problem> {
        let owner = owner.trim_start_matches('@');
        // Of a DID the case matters.
        let any = if owner.starts_with("did:") {
            format!("{owner}/any")
        } else {
            format!("{}/any", owner.to_ascii_lowercase())
        };
        Ok(self.named(&any).await?.owner)
    }
}
