//! See [`activitypub::fuzzing::signature`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| activitypub::fuzzing::signature(input));
