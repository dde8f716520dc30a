//! What a signature of a request costs beside the cryptography in it: `cargo run --release -p activitypub --example verify_cost`.
//!
//! Everything takes turns and the best turn counts, so that whatever else the machine does matters little.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that fails has nothing to say")]

use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime};

use activitypub::signature::{
    Form, KeyId, KeyType, PrivateKey, PublicKey, Request, Signed, Signer, Terms, Window,
};
use http::{HeaderMap, Method};
use url::Url;

const TURNS: u32 = 60;
const TIMES: u32 = 200;

fn main() {
    for key_type in [KeyType::Rsa, KeyType::Ed25519] {
        measure(&PrivateKey::generate(key_type).unwrap());
    }
}

fn measure(key: &PrivateKey) {
    let url = Url::parse("https://social.example/inbox").unwrap();
    let key_id = KeyId::parse("https://peer.example/users/bob#main-key").unwrap();
    let (public, now, body) = (key.public_key().unwrap(), SystemTime::now(), vec![b'x'; 2_048]);
    let (bare, pem) = (key.sign(b"message").unwrap(), public.to_pem().unwrap());
    let signed = [Form::Draft, Form::Message].map(|form| {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/activity+json".parse().unwrap());
        let signer = Signer { key_id: &key_id, key, form, with_query: true };
        signer.sign(&Method::POST, &url, &mut headers, Some(&body), now).unwrap();
        headers
    });
    let request = |headers: &HeaderMap| {
        let request = Request::to(&Method::POST, &url, black_box(headers));
        let terms = Terms { now, window: Window::default(), body: &body };
        Signed::read(&request, &terms).unwrap().verify(&public).unwrap();
    };
    let mut best = [Duration::MAX; 4];
    for _ in 0..TURNS {
        let turns = [
            turn(|| assert!(public.verify(black_box(b"message"), &bare))),
            turn(|| assert!(PublicKey::from_pem(black_box(&pem)).unwrap().verify(b"message", &bare))),
            turn(|| request(&signed[0])),
            turn(|| request(&signed[1])),
        ];
        best = std::array::from_fn(|n| best[n].min(turns[n]));
    }
    let names = ["the library alone", "with the key parsed anew", "a request, draft", "a request, RFC 9421"];
    println!("{:?}", key.key_type());
    for (name, time) in names.iter().zip(best) {
        let share = best[0].as_secs_f64() / time.as_secs_f64() * 100.0;
        println!("  {name:26} {:8.0}/s {share:5.0} %", f64::from(TIMES) / time.as_secs_f64());
    }
}

fn turn(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    (0..TIMES).for_each(|_| work());
    start.elapsed()
}
