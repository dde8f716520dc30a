//! What a registry takes for who asks (spec/registry.md §2.1).

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use http::header::AUTHORIZATION;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use url::Url;

use super::call::patiently;
use super::{Challenge, Registry};
use crate::{Error, limits};

/// A name and what proves it.
#[derive(Clone)]
pub struct Credentials {
    /// The name.
    pub user: String,
    /// A password, or whatever the registry takes for one.
    pub password: String,
}

/// Bytes of the answer that has a token in it.
const MAX_BYTES: usize = 64 << 10;

/// Tokens that are kept; there is one for each repository that is read or written.
const MOST: usize = 1_000;

/// How long a token lasts of which nobody says so, in seconds.
const LIFE: u64 = 60;

/// With less left of its life, something that takes long is not begun with a token.
const AHEAD: Duration = Duration::from_mins(1);

/// The value of the header, for as long as it is good.
#[derive(Clone)]
pub(super) struct Authorization {
    value: HeaderValue,
    /// It is used while it has some life left, and not for what takes long when it has little.
    until: Instant,
    fresh_until: Instant,
}

#[derive(Deserialize)]
struct Issued {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<u64>,
}

impl Registry {
    /// What was taken for these scopes, if it still is.
    pub(super) fn authorization(&self, scopes: &[String]) -> Option<HeaderValue> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let known = taken.get(&scopes.join(" "))?;
        (known.until > Instant::now()).then(|| known.value.clone())
    }

    /// What was taken last, if anything was: for a request that cannot be sent twice. Only the registry knows whether it is over.
    pub(super) fn last_authorization(&self, scopes: &[String]) -> Option<HeaderValue> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.get(&scopes.join(" ")).map(|known| known.value.clone())
    }

    /// Forgets what is nearly over, before something begins that takes long.
    pub(super) fn freshen(&self, scopes: &[String]) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let scopes = scopes.join(" ");
        if taken.get(&scopes).is_some_and(|known| known.fresh_until <= Instant::now()) {
            taken.remove(&scopes);
        }
    }

    /// Gets what a challenge asks for. `false` if there is nothing that could be shown.
    pub(super) async fn authorize(&self, challenge: &Challenge, scopes: &[String]) -> Result<bool, Error> {
        let authorization = match challenge {
            Challenge::Basic => match &self.credentials {
                Some(credentials) => Authorization::new(credentials.basic()?, limits::TRANSFER),
                None => return Ok(false),
            },
            Challenge::Bearer { realm, service, scope } => {
                // What the registry asks for is what it takes; it does not always say so.
                let asked = scope.iter().flat_map(|scope| scope.split(' ')).map(str::to_owned);
                let mut wanted: Vec<String> = asked.filter(|scope| !scope.is_empty()).collect();
                wanted.extend(scopes.iter().filter(|scope| !scope.is_empty()).cloned());
                wanted.sort_unstable();
                wanted.dedup();
                match self.token(realm, service.as_deref(), &wanted).await? {
                    Some(authorization) => authorization,
                    None => return Ok(false),
                }
            }
        };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= MOST {
            taken.clear();
        }
        taken.insert(scopes.join(" "), authorization);
        Ok(true)
    }

    async fn token(
        &self,
        realm: &str,
        service: Option<&str>,
        scopes: &[String],
    ) -> Result<Option<Authorization>, Error> {
        let mut url = Url::parse(realm).map_err(|_| self.strange("its tokens are at no address"))?;
        // A password that was to be sent encrypted goes nowhere in the clear.
        if self.base.scheme() == "https" && url.scheme() != "https" {
            return Err(self.strange("it sends passwords to where they would be read on the way"));
        }
        let pairs = service.map(|service| ("service", service)).into_iter();
        url.query_pairs_mut().extend_pairs(pairs.chain(scopes.iter().map(|scope| ("scope", scope.as_str()))));
        let mut shown = None;
        if let Some(credentials) = &self.credentials {
            url.query_pairs_mut().append_pair("account", &credentials.user);
            shown = Some(credentials.basic()?);
        }
        let answer = patiently(|| {
            let request = self.outbound.get(&url).max_bytes(MAX_BYTES).timeout(limits::ANSWER);
            match shown.clone() {
                Some(value) => request.header(AUTHORIZATION, value),
                None => request,
            }
        });
        let answer = answer.await?;
        match answer.status() {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Ok(None),
            status if status.is_success() => {}
            _ => return Err(self.refused("give a token", answer).await),
        }
        let none = || self.strange("it answers without a token where tokens are");
        let issued: Issued = answer.read().await?.json().map_err(|_| none())?;
        let token = issued.token.or(issued.access_token).ok_or_else(none)?;
        let value = sensitive(format!("Bearer {token}")).ok_or_else(none)?;
        let life = issued.expires_in.unwrap_or(LIFE).clamp(30, 3_600) * 3 / 4;
        Ok(Some(Authorization::new(value, Duration::from_secs(life))))
    }
}

impl Authorization {
    fn new(value: HeaderValue, life: Duration) -> Self {
        let (now, fresh) = (Instant::now(), life.saturating_sub(AHEAD.min(life / 2)));
        Self { value, until: now + life, fresh_until: now + fresh }
    }
}

impl Credentials {
    fn basic(&self) -> Result<HeaderValue, Error> {
        let pair = BASE64.encode(format!("{}:{}", self.user, self.password).as_bytes());
        sensitive(format!("Basic {pair}")).ok_or_else(|| Error::Strange {
            host: String::new(),
            why: "the name and the password can not be written down".to_owned(),
        })
    }
}

fn sensitive(text: String) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use outbound::{Outbound, OutboundConfig};

    use super::*;

    #[test]
    fn what_is_nearly_over_is_not_begun_with() {
        let value = || HeaderValue::from_static("Bearer x");
        let long = Authorization::new(value(), Duration::from_mins(10));
        assert_eq!(long.until.duration_since(long.fresh_until), AHEAD);
        let short = Authorization::new(value(), Duration::from_secs(22));
        assert_eq!(short.until.duration_since(short.fresh_until), Duration::from_secs(11));

        let outbound = Outbound::new(OutboundConfig::default()).unwrap();
        let registry = Registry::new(outbound, &Url::parse("https://registry.test").unwrap(), None);
        let scopes = ["repository:a/b:pull,push".to_owned()];
        let over = Authorization { fresh_until: Instant::now(), ..long.clone() };
        for (taken, is_fresh) in [(long, true), (over, false)] {
            registry.taken.lock().unwrap().insert(scopes.join(" "), taken);
            registry.freshen(&scopes);
            assert_eq!(registry.authorization(&scopes).is_some(), is_fresh);
        }
    }
}
