//! See [`mastodon::fuzzing::fields`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mastodon::fuzzing::fields(input));
