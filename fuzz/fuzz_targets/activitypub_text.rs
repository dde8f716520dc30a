//! See [`activitypub::fuzzing::text`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| activitypub::fuzzing::text(input));
