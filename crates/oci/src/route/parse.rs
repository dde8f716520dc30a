//! From a method and a path to a route.
//!
//! Names have slashes, so a path is matched from the right: what stands before the last segment decides. The words of
//! the protocol have to be written plainly; only what a client names is percent-decoded, each segment by itself, so
//! that no encoded slash or dot makes another path of it.

use std::borrow::Cow;

use http::Method;
use percent_encoding::percent_decode_str;

use super::Route;
use crate::{Digest, Error, ErrorCode, Reference, RepositoryName, UploadId};

impl Route {
    /// Reads the path of a request (without its query).
    ///
    /// A path that is no endpoint is 404 `NAME_UNKNOWN`, a method that the endpoint does not have 405 `UNSUPPORTED`, and
    /// every part that is malformed has the code of its own type. A tag that cannot be is 404 `MANIFEST_UNKNOWN` for whoever
    /// wants to read or delete it.
    pub fn parse(method: &Method, path: &str) -> Result<Self, Error> {
        let below = if path == "/v2" { "" } else { path.strip_prefix("/v2/").ok_or_else(nowhere)? };
        let route = Self::of_segments(below, method)?;
        if route.methods().contains(method) {
            return Ok(route);
        }
        Err(Error::not_allowed(route.methods()))
    }

    fn of_segments(below: &str, method: &Method) -> Result<Self, Error> {
        match below {
            "" => return Ok(Self::Ping),
            "_catalog" => return Ok(Self::Catalog),
            "_oci/ext/discover" => return Ok(Self::Extensions(None)),
            _ => {}
        }
        if let Some(before) = below.strip_suffix("/_oci/ext/discover") {
            return Ok(Self::Extensions(Some(name(before)?)));
        }
        if let Some(before) = below.strip_suffix("/blobs/uploads") {
            return Ok(Self::Uploads { name: name(before)? });
        }
        let (before, last) = below.rsplit_once('/').ok_or_else(nowhere)?;
        let (before, word) = before.rsplit_once('/').ok_or_else(nowhere)?;
        match word {
            "blobs" => Ok(Self::Blob { name: name(before)?, digest: digest(last)? }),
            "manifests" => Ok(Self::Manifest { name: name(before)?, reference: reference(last, method)? }),
            "referrers" => Ok(Self::Referrers { name: name(before)?, digest: digest(last)? }),
            "tags" if last == "list" => Ok(Self::Tags { name: name(before)? }),
            "uploads" => {
                let name = name(before.strip_suffix("/blobs").ok_or_else(nowhere)?)?;
                match last {
                    "" => Ok(Self::Uploads { name }),
                    id => Ok(Self::Upload { name, id: UploadId::parse(id)? }),
                }
            }
            _ => Err(nowhere()),
        }
    }
}

fn nowhere() -> Error {
    Error::new(ErrorCode::NameUnknown, "the protocol has no such endpoint")
}

fn name(raw: &str) -> Result<RepositoryName, Error> {
    // Encoded, every byte is at most three.
    let invalid = || Error::from(ErrorCode::NameInvalid);
    if raw.len() > 3 * RepositoryName::MAX_BYTES {
        return Err(Error::new(ErrorCode::NameInvalid, "the name of the repository is too long"));
    }
    let decoded = decode(raw).ok_or_else(invalid)?;
    if decoded.matches('/').count() != raw.matches('/').count() {
        return Err(Error::new(
            ErrorCode::NameInvalid,
            "slashes in the name of a repository are written as they are",
        ));
    }
    RepositoryName::parse(&decoded)
}

fn digest(raw: &str) -> Result<Digest, Error> {
    Digest::parse(&decode(raw).ok_or(ErrorCode::DigestInvalid)?)
}

fn reference(raw: &str, method: &Method) -> Result<Reference, Error> {
    let parsed = match decode(raw) {
        Some(text) => Reference::parse(&text),
        None => Err(ErrorCode::ManifestInvalid.into()),
    };
    parsed.map_err(|error| match error.code() {
        ErrorCode::ManifestInvalid if method != Method::PUT => ErrorCode::ManifestUnknown.into(),
        _ => error,
    })
}

fn decode(raw: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(raw).decode_utf8().ok()
}
