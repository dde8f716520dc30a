//! The kinds of credential, and requests that present one.

use atproto::Nsid;
use atproto::oauth::dpop::{self, Proof};
use atproto::service_auth::{self, Claims};
use time::OffsetDateTime;
use url::Url;

use super::prepare::{ACCESS_TOKEN, Credentials};
use super::{HOST, PUBLIC_URL};
use crate::belvedere::QUERY;

/// More than a second's worth, on any machine.
const SINGLE_USE: usize = 25_000;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credential {
    /// Nobody in particular.
    Anonymous,
    /// A browser.
    Cookie,
    /// An app on one of its users' devices: a signature per request.
    Dpop,
    /// A PDS for one of its accounts: a token per request.
    ServiceJwt,
    /// Nobody in particular, of a route whose answer is always at hand.
    AnonymousElsewhere,
    /// A script, of such a route below `/admin`, where alone API keys count.
    ApiKey,
}

impl Credential {
    pub(super) const ALL: [Self; 6] =
        [Self::Anonymous, Self::Cookie, Self::Dpop, Self::ServiceJwt, Self::AnonymousElsewhere, Self::ApiKey];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "query, anonymous",
            Self::Cookie => "query, session cookie",
            Self::Dpop => "query, DPoP",
            Self::ServiceJwt => "query, service JWT",
            Self::AnonymousElsewhere => "/config, anonymous",
            Self::ApiKey => "/admin/feature-flags, API key",
        }
    }

    /// Whether a request that presents it is good for one use.
    pub(super) fn is_single_use(self) -> bool {
        matches!(self, Self::Dpop | Self::ServiceJwt)
    }

    /// Fresh requests for the record at `uri`.
    pub(super) fn requests(self, credentials: &Credentials, uri: &str) -> anyhow::Result<Vec<Vec<u8>>> {
        let Credentials { api_key, cookie, client_key, .. } = credentials;
        let query = format!("/xrpc/{QUERY}?uri={uri}");
        Ok(match self {
            Self::Anonymous => vec![request(&query, "")],
            Self::Cookie => vec![request(&query, &format!("cookie: {cookie}\r\n"))],
            Self::AnonymousElsewhere => vec![request("/config", "")],
            Self::ApiKey => {
                vec![request("/admin/feature-flags", &format!("authorization: Bearer {api_key}\r\n"))]
            }
            Self::Dpop => {
                let url = Url::parse(&format!("{PUBLIC_URL}/xrpc/{QUERY}"))?;
                let proofs = (0..SINGLE_USE).map(|number| proof(credentials, &url, number));
                let lines = proofs.map(|proof| {
                    format!(
                        "authorization: DPoP {ACCESS_TOKEN}\r\ndpop: {proof}\r\nx-client-key: {client_key}\r\n"
                    )
                });
                lines.map(|lines| request(&query, &lines)).collect()
            }
            Self::ServiceJwt => {
                let method = Nsid::parse(QUERY)?;
                let tokens = (0..SINGLE_USE).map(|number| token(credentials, &method, number));
                tokens.map(|token| request(&query, &format!("authorization: Bearer {token}\r\n"))).collect()
            }
        })
    }
}

fn request(target: &str, lines: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nhost: {HOST}\r\naccept: application/json\r\n{lines}\r\n").into_bytes()
}

fn proof(credentials: &Credentials, url: &Url, number: usize) -> String {
    let now = OffsetDateTime::now_utc();
    dpop::sign(
        &credentials.dpop_key,
        &Proof {
            method: "GET",
            url,
            nonce: None,
            access_token: Some(ACCESS_TOKEN),
            jti: &jti(now, number),
            iat: now.unix_timestamp(),
        },
    )
}

fn token(credentials: &Credentials, method: &Nsid, number: usize) -> String {
    let now = OffsetDateTime::now_utc();
    service_auth::sign(
        &credentials.account_key,
        &Claims {
            issuer: &credentials.did,
            audience: &credentials.audience,
            lxm: Some(method),
            jti: &jti(now, number),
            iat: now.unix_timestamp(),
            exp: now.unix_timestamp() + 300,
        },
    )
}

fn jti(now: OffsetDateTime, number: usize) -> String {
    format!("{}-{number}", now.unix_timestamp_nanos())
}
