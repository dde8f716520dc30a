//! See [`mastodon::fuzzing::scopes`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mastodon::fuzzing::scopes(input));
