//! Which redirects are followed, and what travels along.

use http::header::{ACCEPT, ACCEPT_LANGUAGE, LOCATION};
use http::{HeaderMap, StatusCode};
use url::Url;

use crate::policy::Refusal;

/// Which redirects a GET or HEAD request follows (RFC 9110 §15.4). Each one passes the guard again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// None: a 3xx answer is an answer.
    None,
    /// At most so many, and only to the host of the URL that redirects; the scheme and port may change.
    SameHost(u8),
    /// At most so many, to any host.
    Any(u8),
}

impl Redirects {
    pub(crate) fn limit(self) -> u8 {
        match self {
            Self::None => 0,
            Self::SameHost(limit) | Self::Any(limit) => limit,
        }
    }

    /// Where an answer from `url` leads, if it is a redirect to be followed.
    pub(crate) fn next(
        self,
        url: &Url,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<Option<Url>, Refusal> {
        if self == Self::None || !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let Some(location) = headers.get(LOCATION) else { return Ok(None) };
        let location = location.to_str().map_err(|_| Refusal::Url)?;
        let next = url.join(location).map_err(|_| Refusal::Url)?;
        match self {
            Self::SameHost(_)
                if next.host() != url.host() && !faults::mutant!("outbound-redirect-leaves-host") =>
            {
                Err(Refusal::OtherHost)
            }
            _ => Ok(Some(next)),
        }
    }
}

/// The headers that go along from one URL to the next: all within one origin, otherwise none that could be a secret.
pub(crate) fn carry_over(headers: HeaderMap, from: &Url, to: &Url) -> HeaderMap {
    if from.origin() == to.origin() || faults::mutant!("outbound-redirect-carries-secrets") {
        return headers;
    }
    headers
        .into_iter()
        .filter_map(|(name, value)| Some((name?, value)))
        .filter(|(name, _)| [ACCEPT, ACCEPT_LANGUAGE].contains(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(redirects: Redirects, status: u16, location: &str) -> Result<Option<String>, Refusal> {
        let url = Url::parse("https://a.example/dir/page?q").unwrap();
        let headers = HeaderMap::from_iter([(LOCATION, location.parse().unwrap())]);
        let next = redirects.next(&url, StatusCode::from_u16(status).unwrap(), &headers)?;
        Ok(next.map(String::from))
    }

    #[test]
    fn locations_are_relative_to_the_page() {
        let to = |url: &str| Ok(Some(url.to_owned()));
        assert_eq!(next(Redirects::Any(5), 302, "other"), to("https://a.example/dir/other"));
        assert_eq!(next(Redirects::Any(5), 308, "//b.example/x"), to("https://b.example/x"));
        assert_eq!(next(Redirects::SameHost(5), 301, "http://a.example:8080/"), to("http://a.example:8080/"));
    }

    #[test]
    fn what_is_not_followed() {
        assert_eq!(next(Redirects::None, 302, "/x"), Ok(None));
        assert_eq!(next(Redirects::Any(5), 304, "/x"), Ok(None));
        assert_eq!(next(Redirects::Any(5), 200, "/x"), Ok(None));
        assert_eq!(next(Redirects::Any(5), 302, "http://["), Err(Refusal::Url));
        assert_eq!(next(Redirects::SameHost(5), 302, "https://b.example/"), Err(Refusal::OtherHost));
    }

    #[test]
    fn secrets_stay_within_their_origin() {
        let url = |url| Url::parse(url).unwrap();
        let headers = HeaderMap::from_iter([
            (ACCEPT, "a/b".parse().unwrap()),
            (http::header::AUTHORIZATION, "DPoP secret".parse().unwrap()),
            (http::HeaderName::from_static("x-api-key"), "secret".parse().unwrap()),
        ]);
        let from = url("https://a.example/1");
        assert_eq!(carry_over(headers.clone(), &from, &url("https://a.example/2")), headers);
        for elsewhere in ["https://b.example/1", "http://a.example/1", "https://a.example:8443/1"] {
            let carried = carry_over(headers.clone(), &from, &url(elsewhere));
            assert_eq!(carried.keys().collect::<Vec<_>>(), [ACCEPT], "{elsewhere}");
        }
    }
}
