//! How the body of an answer is sent.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::Response;
use hyper::body::Frame;

use crate::sim::reply::Reply;

pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Pieces of slow bodies come so often.
const TICK: Duration = Duration::from_millis(50);

/// Bytes of each piece of noise.
const NOISE: usize = 64 << 10;

/// The way in which a body is sent.
#[derive(Clone, Copy)]
pub(super) enum Manner {
    AtOnce,
    /// So many bytes a second.
    Trickle(usize),
    /// The connection breaks in the middle.
    CutOff,
}

pub(super) fn response(reply: Reply, headers: Vec<(&'static str, String)>, manner: Manner) -> Response<Body> {
    let mut response = Response::builder().status(reply.status).header("content-type", reply.content_type);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let length = reply.body.len();
    let body = match manner {
        Manner::AtOnce if reply.endless => streamed(endless(reply.body)),
        Manner::AtOnce => Full::new(reply.body).map_err(|never| match never {}).boxed_unsync(),
        Manner::Trickle(bytes_per_second) => {
            response = response.header("content-length", length);
            streamed(trickle(reply.body, bytes_per_second))
        }
        Manner::CutOff => {
            response = response.header("content-length", length);
            streamed(cut_off(&reply.body))
        }
    };
    response.body(body).expect("headers of our own")
}

fn streamed(pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Body {
    StreamBody::new(pieces.map(|piece| piece.map(Frame::data))).boxed_unsync()
}

fn trickle(body: Bytes, bytes_per_second: usize) -> impl Stream<Item = io::Result<Bytes>> {
    let piece = (bytes_per_second / 20).max(1);
    stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(TICK).await;
        let next = rest.split_to(piece.min(rest.len()));
        Some((Ok(next), rest))
    })
}

fn cut_off(body: &Bytes) -> impl Stream<Item = io::Result<Bytes>> + use<> {
    let half = body.slice(..body.len() / 2);
    stream::iter([Ok(half), Err(io::Error::other("cut off, as planned"))])
}

fn endless(body: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
    let noise = noise();
    stream::once(async { Ok(body) }).chain(stream::repeat_with(move || Ok(noise.clone())))
}

/// A block of a CAR that fits its CID and belongs to nothing.
fn noise() -> Bytes {
    use shrike::cbor::{Cid, Codec};
    let data = vec![0xa5; NOISE];
    let cid = Cid::compute(Codec::Raw, &data).to_bytes();
    let mut block = varint(cid.len() + data.len());
    block.extend_from_slice(&cid);
    block.extend_from_slice(&data);
    block.into()
}

fn varint(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).expect("seven bits");
        number >>= 7;
        bytes.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            return bytes;
        }
    }
}
