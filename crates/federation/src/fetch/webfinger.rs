//! From a handle to an actor's address (spec/social.md §4.2).

use activitypub::Address;
use activitypub::media_type;
use activitypub::webfinger::{self, Handle, HostMeta, Jrd};
use http::{StatusCode, header};
use outbound::{Redirects, Response};

use super::{Budget, FetchError, Fetcher, MAX_REDIRECTS, TIMEOUT};

impl Fetcher {
    /// What a handle's server says of it.
    pub(crate) async fn webfinger(&self, budget: &Budget, handle: &Handle) -> Result<Jrd, FetchError> {
        let malformed = |what: &str| FetchError::Malformed(what.to_owned());
        let address =
            Address::parse(&handle.query(self.0.scheme)).map_err(|error| malformed(&error.to_string()))?;
        let mut answer = self.plain(budget, &address, webfinger::ACCEPT, Jrd::MAX_BYTES).await?;
        if answer.status == StatusCode::NOT_FOUND
            && let Some(other) = self.host_meta(budget, handle).await
            && other != address
        {
            answer = self.plain(budget, &other, webfinger::ACCEPT, Jrd::MAX_BYTES).await?;
        }
        match answer.status {
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(FetchError::Gone),
            status if !status.is_success() => return Err(FetchError::Status(status)),
            _ => {}
        }
        let content_type = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(media_type::is_jrd) {
            return Err(malformed("its type is not that of WebFinger"));
        }
        Jrd::parse(&answer.body).map_err(|error| malformed(&error.to_string()))
    }

    async fn host_meta(&self, budget: &Budget, handle: &Handle) -> Option<Address> {
        let address =
            Address::parse(&format!("{}://{}/.well-known/host-meta", self.0.scheme, handle.host())).ok()?;
        let answer = self.plain(budget, &address, "application/xrd+xml", HostMeta::MAX_BYTES).await.ok()?;
        let xml = std::str::from_utf8(&answer.body).ok().filter(|_| answer.status.is_success())?;
        HostMeta::parse(xml)?.query(handle)
    }

    /// Without a signature: this is for everybody.
    async fn plain(
        &self,
        budget: &Budget,
        address: &Address,
        accept: &'static str,
        max_bytes: usize,
    ) -> Result<Response, FetchError> {
        self.permitted(address).await?;
        budget.spend()?;
        let redirects = Redirects::Any(u8::try_from(MAX_REDIRECTS).unwrap_or(u8::MAX));
        let request = self.0.outbound.get(address.url()).accept(accept).redirects(redirects);
        Ok(request.max_bytes(max_bytes).timeout(TIMEOUT).send().await?)
    }
}
