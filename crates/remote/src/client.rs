//! Asking a host: paced, bounded, measured, and with its refusals understood.

use std::sync::Arc;
use std::time::Duration;

use atproto::Did;
use outbound::{Incoming, Outbound, Response};
use tokio::time::Instant;
use url::Url;

use crate::host::{Host, Hosts};
use crate::query::Query;
use crate::{Home, RemoteError, refusal, telemetry};

/// What a 429 means that says nothing else.
const USUAL_PAUSE: Duration = Duration::from_secs(5);

/// Asks hosts. Cheap to clone; clones share what is known about them.
#[derive(Clone)]
pub(crate) struct Client {
    outbound: Outbound,
    hosts: Hosts,
    timeout: Duration,
}

/// Whom a question goes to, and about whom.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) host: &'a Url,
    pub(crate) did: Option<&'a Did>,
}

impl Client {
    pub(crate) fn new(outbound: Outbound, max_hosts: usize, timeout: Duration) -> Self {
        telemetry::describe();
        Self { outbound, hosts: Hosts::new(max_hosts), timeout }
    }

    /// What is known about a host.
    pub(crate) async fn host(&self, origin: &Url) -> Arc<Host> {
        self.hosts.get(origin).await
    }

    /// Asks and reads the whole answer, which is a success.
    pub(crate) async fn ask(
        &self,
        asked: impl Into<Asked<'_>>,
        query: &Query,
    ) -> Result<Response, RemoteError> {
        let asked = asked.into();
        let started = Instant::now();
        let incoming = self.open(asked, query, self.timeout).await?;
        let answer = incoming.read().await.map_err(|cause| query.failed(cause))?;
        telemetry::received(query.method(), answer.body.len());
        if let Some(sample) = query.sample() {
            self.host(asked.host).await.speeds.add(sample, answer.body.len(), started.elapsed());
        }
        Ok(answer)
    }

    /// Asks and returns the answer when it begins; it is a success.
    pub(crate) async fn open(
        &self,
        asked: impl Into<Asked<'_>>,
        query: &Query,
        timeout: Duration,
    ) -> Result<Incoming, RemoteError> {
        let asked = asked.into();
        let opened = self.exchange(asked, query, timeout).await;
        telemetry::asked(query.method(), opened.as_ref().err());
        opened
    }

    async fn exchange(
        &self,
        asked: Asked<'_>,
        query: &Query,
        timeout: Duration,
    ) -> Result<Incoming, RemoteError> {
        let host = self.host(asked.host).await;
        let limited =
            |retry_after| RemoteError::RateLimited { host: Box::new(asked.host.clone()), retry_after };
        let wait = host.pace.admit(Instant::now()).map_err(limited)?;
        // A timer is never shorter than a millisecond, not even for no time at all.
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }

        let request = self.outbound.get(&query.url(asked.host)).accept(query.accept());
        let opened = request.max_bytes(query.max_bytes()).timeout(timeout).open().await;
        let incoming = opened.map_err(|cause| query.failed(cause))?;
        let retry_after = incoming.retry_after();
        host.learn(incoming.headers(), retry_after);
        if incoming.status().is_success() {
            return Ok(incoming);
        }
        if incoming.status() == http::StatusCode::TOO_MANY_REQUESTS {
            return Err(limited(host.pace.pause(Instant::now(), retry_after.unwrap_or(USUAL_PAUSE))));
        }
        let answer = incoming.read().await.map_err(|cause| query.failed(cause))?;
        Err(refusal::understand(asked, query.method(), answer.status, &answer.body))
    }
}

impl<'a> From<&'a Home> for Asked<'a> {
    fn from(home: &'a Home) -> Self {
        Self { host: &home.host, did: Some(&home.did) }
    }
}
