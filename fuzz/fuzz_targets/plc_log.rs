//! See [`atproto::fuzzing::auth::plc_log`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::auth::plc_log(input));
