//! See [`mastodon::fuzzing::paging`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mastodon::fuzzing::paging(input));
