//! Lists that come in pages.

use http::header::LINK;
use http::{Method, StatusCode};
use oci::Digest;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::Registry;
use super::call::Call;
use super::link;
use super::pull::to_pull;
use crate::{Error, limits};

#[derive(Deserialize)]
struct Repositories {
    repositories: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Tags {
    tags: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Referrers {
    manifests: Option<Vec<Referrer>>,
}

#[derive(Deserialize)]
struct Referrer {
    digest: Digest,
}

impl Registry {
    /// The names of all repositories below `prefix`; of one that does not list them, an error that says so.
    pub(crate) async fn repositories(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let scope = vec!["registry:catalog:*".to_owned()];
        let first = self.at("_catalog?n=1000")?;
        let page = |page: Repositories| page.repositories.unwrap_or_default();
        let is_meant = |name: &String| {
            name.strip_prefix(prefix).is_some_and(|rest| prefix.is_empty() || rest.starts_with('/'))
        };
        let all = self
            .list(first, &scope, ("list its repositories", "repositories", limits::REPOSITORIES), page)
            .await?;
        let all = all.ok_or_else(|| self.strange("it does not list its repositories"))?;
        Ok(all.into_iter().filter(is_meant).collect())
    }

    /// The tags of a repository as they are written, if there is such a repository.
    pub(crate) async fn tags(&self, repository: &str) -> Result<Option<Vec<String>>, Error> {
        let first = self.at(&format!("{repository}/tags/list?n=1000"))?;
        let page = |page: Tags| page.tags.unwrap_or_default();
        self.list(first, &to_pull(repository), ("list tags", "tags", limits::TAGS), page).await
    }

    /// The manifests that are about another, as far as the registry keeps count of them.
    pub(crate) async fn referrers(&self, repository: &str, subject: &Digest) -> Result<Vec<Digest>, Error> {
        let first = self.at(&format!("{repository}/referrers/{subject}"))?;
        let page = |page: Referrers| page.manifests.into_iter().flatten().map(|one| one.digest).collect();
        let what = ("list referrers", "referrers", limits::REFERRERS);
        match self.list(first, &to_pull(repository), what, page).await {
            Ok(found) => Ok(found.unwrap_or_default()),
            // Servers from before there were any answer in many ways.
            Err(Error::Status { status, .. }) if status.is_client_error() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// All pages of a list; nothing if there is none.
    async fn list<P: DeserializeOwned, T>(
        &self,
        first: Url,
        scopes: &[String],
        (action, what, limit): (&str, &'static str, usize),
        entries: impl Fn(P) -> Vec<T>,
    ) -> Result<Option<Vec<T>>, Error> {
        let (mut all, mut bytes, mut next) = (Vec::new(), 0, Some(first));
        for _ in 0..limits::PAGES {
            let Some(url) = next else { return Ok(Some(all)) };
            let answer = self.ask(&Call::new(Method::GET, url.clone(), scopes.to_vec())).await?;
            match answer.status() {
                StatusCode::OK => {}
                StatusCode::NOT_FOUND => return Ok(None),
                _ => return Err(self.refused(action, answer).await),
            }
            let link = answer.headers().get(LINK).and_then(|link| link.to_str().ok());
            next = link.and_then(link::next).map(|to| self.following(&url, to)).transpose()?;
            let page = answer.read().await?;
            bytes += page.body.len();
            if bytes > limits::LIST_BYTES {
                return Err(Error::TooMuch { what: "bytes in a list", limit: limits::LIST_BYTES });
            }
            let page = page
                .json()
                .map_err(|_| self.strange(format!("when asked to {action} it answers something else")))?;
            all.extend(entries(page));
            if all.len() > limit {
                return Err(Error::TooMuch { what, limit });
            }
        }
        Err(Error::TooMuch { what: "pages of a list", limit: limits::PAGES })
    }

    /// The next page: on the same server, and another than this one.
    fn following(&self, url: &Url, to: &str) -> Result<Url, Error> {
        let next = url.join(to).ok().filter(|next| next.origin() == url.origin() && next != url);
        next.ok_or_else(|| self.strange("the next page of a list is nowhere"))
    }
}
