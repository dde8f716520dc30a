//! What a signature of a request costs beside the cryptography in it: `cargo run --release -p activitypub --example verify_cost`.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that fails has nothing to say")]

use std::hint::black_box;
use std::time::{Instant, SystemTime};

use activitypub::signature::{Form, KeyId, KeyType, PrivateKey, Request, Signed, Signer, Terms, Window};
use http::{HeaderMap, Method};
use url::Url;

const TIMES: u32 = 20_000;

fn main() {
    let url = Url::parse("https://social.example/inbox").unwrap();
    let key_id = KeyId::parse("https://peer.example/users/bob#main-key").unwrap();
    let body = vec![b'x'; 2_048];
    for key_type in [KeyType::Rsa, KeyType::Ed25519] {
        let key = PrivateKey::generate(key_type).unwrap();
        let (public, now) = (key.public_key().unwrap(), SystemTime::now());
        let bare = key.sign(b"message").unwrap();
        let raw = per_second(|| assert!(public.verify(black_box(b"message"), &bare)));
        let once = public.to_pem().unwrap();
        let parsing = per_second(|| {
            let public = activitypub::signature::PublicKey::from_pem(black_box(&once)).unwrap();
            assert!(public.verify(b"message", &bare));
        });
        println!("{key_type:?}: the library alone {raw:.0}/s, with the key parsed each time {parsing:.0}/s");
        for form in [Form::Draft, Form::Message] {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", "application/activity+json".parse().unwrap());
            let signer = Signer { key_id: &key_id, key: &key, form, with_query: true };
            signer.sign(&Method::POST, &url, &mut headers, Some(&body), now).unwrap();
            let terms = Terms { now, window: Window::default(), body: &body };
            let whole = per_second(|| {
                let request = Request::to(&Method::POST, &url, black_box(&headers));
                Signed::read(&request, &terms).unwrap().verify(&public).unwrap();
            });
            println!("  {form:?}, body of 2 KiB: {whole:.0}/s, {:.0} % of the library", whole / raw * 100.0);
        }
    }
}

fn per_second(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..TIMES).for_each(|_| work());
    f64::from(TIMES) / start.elapsed().as_secs_f64()
}
