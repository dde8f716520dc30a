//! A folder of blobs, from outside.

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
