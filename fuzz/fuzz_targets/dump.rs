//! See [`store::dump::fuzzing::dump`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| store::dump::fuzzing::dump(input, &[&events::SCHEMA]));
