//! Frames of a compressed stream.

use bytes::Bytes;
use zstd::zstd_safe;

use super::FrameError;

/// The zstd dictionary every Jetstream v1 server compresses with (id 1612007021). Without it no frame can be read.
pub static DICTIONARY: &[u8] = include_bytes!("dictionary-v1.zdict");

/// Reads the frames of one connection, each a zstd frame of its own.
pub struct Decompressor {
    zstd: zstd::bulk::Decompressor<'static>,
    /// Where a frame is decompressed to: as large as the largest allowed event, whatever a frame's header claims,
    /// and allocated once (the system provides its pages when they are first used).
    buffer: Vec<u8>,
}

impl Decompressor {
    /// For events of at most `max_bytes` of JSON, compressed with [`DICTIONARY`] or with that of [`v2`](super::v2::DICTIONARY). Fails
    /// only if zstd cannot allocate.
    pub fn new(dictionary: &[u8], max_bytes: usize) -> Result<Self, FrameError> {
        let zstd = zstd::bulk::Decompressor::with_dictionary(dictionary).map_err(bad_compression)?;
        Ok(Self { zstd, buffer: Vec::with_capacity(max_bytes) })
    }

    /// The JSON in a binary frame, for [`Event::parse`](super::Event::parse).
    pub fn decompress(&mut self, frame: &[u8]) -> Result<Bytes, FrameError> {
        let limit = self.buffer.capacity();
        let claims = zstd_safe::get_frame_content_size(frame).ok().flatten().unwrap_or_default();
        if frame.len() > limit || claims > limit as u64 {
            return Err(FrameError::TooLarge { limit });
        }
        self.buffer.clear();
        self.zstd.decompress_to_buffer(frame, &mut self.buffer).map_err(bad_compression)?;
        Ok(Bytes::copy_from_slice(&self.buffer))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature map_err wants")]
fn bad_compression(error: std::io::Error) -> FrameError {
    FrameError::BadCompression(error.to_string())
}
