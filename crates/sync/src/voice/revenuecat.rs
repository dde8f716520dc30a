//! RevenueCat: whether somebody pays.

use std::collections::HashMap;
use std::fmt;

use http::header::{AUTHORIZATION, HeaderValue, InvalidHeaderValue};
use http::{Method, StatusCode};
use outbound::{Outbound, Redirects};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

use super::ANSWER;
use super::refusal::Failure;

/// The largest answer: everything that somebody has ever bought.
const MAX_ANSWER: usize = 1024 * 1024;

/// The operator's account there. Cheap to clone.
#[derive(Clone)]
pub struct RevenueCat {
    outbound: Outbound,
    url: Url,
    authorization: HeaderValue,
    /// A key of the second version of the API is good for one project, which has to be named; one of the first is not.
    project: Option<String>,
}

/// The second version: what is active.
#[derive(Deserialize)]
pub(super) struct Active {
    items: Vec<Entitlement>,
}

#[derive(Deserialize)]
struct Entitlement {
    /// In milliseconds since the epoch; never without it.
    expires_at: Option<i64>,
}

/// The first version: everything that was ever bought.
#[derive(Deserialize)]
pub(super) struct Customer {
    subscriber: Subscriber,
}

#[derive(Deserialize)]
struct Subscriber {
    entitlements: HashMap<String, Bought>,
}

#[derive(Deserialize)]
struct Bought {
    /// Never without it.
    expires_date: Option<String>,
    #[serde(default)]
    grace_period_expires_date: Option<String>,
}

impl RevenueCat {
    /// At `https://api.revenuecat.com`. Fails if the key cannot be a header.
    pub fn new(
        outbound: Outbound,
        url: Url,
        key: &str,
        project: Option<String>,
    ) -> Result<Self, InvalidHeaderValue> {
        let mut authorization = HeaderValue::from_str(&format!("Bearer {key}"))?;
        authorization.set_sensitive(true);
        Ok(Self { outbound, url, authorization, project })
    }

    /// Whether something that an account bought is good `now`, in milliseconds since the epoch. Nobody that is known there has
    /// bought nothing.
    pub(super) async fn pays(&self, account: &str, now: i64) -> Result<bool, Failure> {
        let url = self.endpoint(account);
        let request = self.outbound.request(Method::GET, &url).redirects(Redirects::None);
        let request = request.header(AUTHORIZATION, self.authorization.clone()).accept("application/json");
        let answer = request.timeout(ANSWER).max_bytes(MAX_ANSWER).send().await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(false);
        }
        let answer = answer.success()?;
        match self.project {
            Some(_) => Ok(answer.json::<Active>()?.is_good(now)),
            None => Ok(answer.json::<Customer>()?.is_good(now)),
        }
    }

    fn endpoint(&self, account: &str) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty();
            match &self.project {
                Some(project) => {
                    path.extend(["v2", "projects", project, "customers", account, "active_entitlements"])
                }
                None => path.extend(["v1", "subscribers", account]),
            };
        }
        url
    }
}

impl Active {
    pub(super) fn is_good(&self, now: i64) -> bool {
        self.items.iter().any(|item| item.expires_at.is_none_or(|end| end > now))
    }
}

impl Customer {
    pub(super) fn is_good(&self, now: i64) -> bool {
        let is_later = |date: &str| {
            let end = OffsetDateTime::parse(date, &Rfc3339).map(OffsetDateTime::unix_timestamp_nanos);
            end.is_ok_and(|end| end / 1_000_000 > i128::from(now))
        };
        self.subscriber.entitlements.values().any(|bought| {
            let ends = [&bought.expires_date, &bought.grace_period_expires_date];
            bought.expires_date.is_none() || ends.into_iter().flatten().any(|date| is_later(date))
        })
    }
}

impl fmt::Debug for RevenueCat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevenueCat({})", self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-01T00:00:00Z.
    const NOW: i64 = 1_767_225_600_000;

    #[test]
    fn what_was_bought_is_good_until_it_ends() {
        let customer = |bought: &str| {
            let json = format!(r#"{{"subscriber":{{"entitlements":{{{bought}}}}}}}"#);
            serde_json::from_str::<Customer>(&json).unwrap().is_good(NOW)
        };
        assert!(!customer(""));
        assert!(customer(r#""pro":{"expires_date":null}"#));
        assert!(customer(
            r#""old":{"expires_date":"2020-01-01T00:00:00Z"},"pro":{"expires_date":"2026-01-01T00:00:01Z"}"#
        ));
        assert!(!customer(r#""pro":{"expires_date":"2025-12-31T23:59:59Z"}"#));
        assert!(customer(
            r#""pro":{"expires_date":"2025-12-31T23:59:59Z","grace_period_expires_date":"2026-01-03T00:00:00Z"}"#
        ));
        assert!(!customer(r#""pro":{"expires_date":"soon"}"#));
        let active = |items: &str| {
            serde_json::from_str::<Active>(&format!(r#"{{"items":[{items}]}}"#)).unwrap().is_good(NOW)
        };
        assert!(!active(""));
        assert!(active(r#"{"entitlement_id":"e","expires_at":null}"#));
        assert!(active(r#"{"expires_at":1},{"expires_at":1767225600001}"#));
        assert!(!active(r#"{"expires_at":1767225600000}"#));
    }
}
