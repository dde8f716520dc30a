//! A folder of blobs, from outside.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod full;
mod given;
mod killed;
mod listing;
mod opening;
mod racing;
mod random;
mod reading;
mod restart;
mod uploads;
