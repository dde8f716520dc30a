//! See [`activitypub::fuzzing::key`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| activitypub::fuzzing::key(input));
