//! Blobs in a folder and in a bucket, from outside.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod bucket;
mod docker;
mod full;
mod given;
mod killed;
mod listing;
mod opening;
mod place;
mod racing;
mod random;
mod reading;
mod restart;
mod service;
mod strays;
mod uploads;
