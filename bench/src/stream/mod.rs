//! A Jetstream v1 server that costs next to nothing: it replays frames that were encoded beforehand, as fast
//! as the consumer takes them, so that what is measured is the consumer.

mod frames;
mod pace;
mod server;
mod subscription;

pub use frames::Frames;
pub use pace::{Pace, now_us};
pub use server::StreamServer;
