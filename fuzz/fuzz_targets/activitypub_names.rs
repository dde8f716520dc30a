//! See [`activitypub::fuzzing::names`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| activitypub::fuzzing::names(input));
