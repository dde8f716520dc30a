//! See [`activitypub::fuzzing::document`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| activitypub::fuzzing::document(input));
