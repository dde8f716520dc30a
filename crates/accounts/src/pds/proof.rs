//! A DPoP proof for a request that is about to be sent.

use atproto::{
    jose::PrivateJwk,
    oauth::dpop::{self, Proof},
};
use http::{HeaderName, HeaderValue, Method};
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use crate::Error;

/// The header that carries it.
pub(super) const DPOP: HeaderName = HeaderName::from_static("dpop");

/// The value of the header `DPoP`, good for one request.
pub(super) fn header(
    key: &PrivateJwk,
    method: &Method,
    url: &Url,
    nonce: Option<&str>,
    access_token: Option<&str>,
) -> Result<HeaderValue, Error> {
    let jti = Uuid::new_v4().to_string();
    let iat = OffsetDateTime::now_utc().unix_timestamp();
    let proof = Proof { method: method.as_str(), url, nonce, access_token, jti: &jti, iat };
    // A token is made of characters that every header takes.
    HeaderValue::try_from(dpop::sign(key, &proof)).map_err(|_| Error::Sealing)
}
