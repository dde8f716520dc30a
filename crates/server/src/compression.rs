//! Which responses are worth compressing.

use axum::Router;
use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT_ENCODING, CONTENT_TYPE},
};
use tower_http::{
    CompressionLevel,
    compression::{
        Compression,
        predicate::{And, Predicate, SizeAbove},
    },
};

/// Below this many bytes the saving does not pay for the work.
const MIN_BYTES: u16 = 1024;

/// A level at which all encoders are quick; answers are made for one reader each.
const LEVEL: CompressionLevel = CompressionLevel::Precise(4);

/// A mount's router behind a compressor.
pub(crate) type Compressed = Compression<Router, And<SizeAbove, IsJson>>;

pub(crate) fn compressed(router: Router) -> Compressed {
    Compression::new(router).quality(LEVEL).compress_when(SizeAbove::new(MIN_BYTES).and(IsJson))
}

/// Whether the client asked for anything but the plain bytes.
pub(crate) fn is_wanted(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT_ENCODING).is_some_and(|value| value != "identity")
}

/// Streams (events, blobs) and images pass untouched.
#[derive(Clone, Copy)]
pub(crate) struct IsJson;

impl Predicate for IsJson {
    fn should_compress<B: http_body::Body>(&self, response: &http::Response<B>) -> bool {
        response.headers().get(CONTENT_TYPE).is_some_and(is_json)
    }
}

fn is_json(content_type: &HeaderValue) -> bool {
    let bytes = content_type.as_bytes();
    let essence = bytes.split(|byte| *byte == b';').next().unwrap_or(bytes).trim_ascii();
    essence.eq_ignore_ascii_case(b"application/json") || essence.to_ascii_lowercase().ends_with(b"+json")
}
