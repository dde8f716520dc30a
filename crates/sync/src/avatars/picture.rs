//! Bytes that are a picture: checked and measured before they are decoded, decoded within bounds.

use std::io::Cursor;

use bytes::Bytes;
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};
use tokio::sync::Semaphore;

use super::kind::Kind;
use crate::wire::encode;

/// The largest file, in bytes.
pub(super) const MAX_BYTES: usize = 2 * 1024 * 1024;

/// The longest side, in pixels.
const MAX_SIDE: u32 = 2048;

/// What decoding may allocate: so many pixels of eight bytes, twice.
const MAX_ALLOCATED: u64 = MAX_SIDE as u64 * MAX_SIDE as u64 * 16;

/// The longest side of what a thumbhash is made of.
const THUMB: u32 = 100;

/// Pictures that are decoded at once.
static DECODERS: Semaphore = Semaphore::const_new(2);

/// Why something is not taken for a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAPicture {
    #[error("it is larger than 2 MiB")]
    TooLarge,
    #[error("it is neither PNG nor JPEG")]
    Format,
    #[error("it has more than 2048 pixels on a side")]
    Dimensions,
    #[error("it cannot be decoded")]
    Broken,
}

/// A picture as it came, and what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) content: Bytes,
    pub(crate) kind: Kind,
    /// In pixels, as the height.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// A few bytes that look like it, in base64.
    pub(crate) thumbhash: String,
}

impl Picture {
    /// [`decode`](Self::decode) on a thread where that may take a while, and few at a time.
    pub(crate) async fn read(content: Bytes) -> Result<Self, NotAPicture> {
        let place = DECODERS.acquire().await;
        let decoded = tokio::task::spawn_blocking(move || {
            let _place = place;
            Self::decode(content)
        });
        decoded.await.unwrap_or(Err(NotAPicture::Broken))
    }

    /// Checks it, from what costs least to what costs most.
    pub(crate) fn decode(content: Bytes) -> Result<Self, NotAPicture> {
        if content.len() > MAX_BYTES {
            return Err(NotAPicture::TooLarge);
        }
        let (kind, format) = match image::guess_format(&content) {
            Ok(format @ ImageFormat::Png) => (Kind::Png, format),
            Ok(format @ ImageFormat::Jpeg) => (Kind::Jpeg, format),
            _ => return Err(NotAPicture::Format),
        };
        let mut reader = ImageReader::with_format(Cursor::new(&content), format);
        let mut limits = Limits::no_limits();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_ALLOCATED);
        reader.limits(limits);
        let decoded = reader.decode().map_err(|error| refused(&error))?;
        let (width, height) = (decoded.width(), decoded.height());
        Ok(Self { kind, width, height, thumbhash: thumbhash(&decoded), content })
    }
}

fn refused(error: &ImageError) -> NotAPicture {
    match error {
        ImageError::Limits(_) => NotAPicture::Dimensions,
        _ => NotAPicture::Broken,
    }
}

fn thumbhash(picture: &DynamicImage) -> String {
    let small = picture.thumbnail(THUMB, THUMB).into_rgba8();
    let side = |pixels: u32| usize::try_from(pixels).unwrap_or_default();
    encode(&thumbhash::rgba_to_thumb_hash(side(small.width()), side(small.height()), &small))
}

#[cfg(test)]
mod tests {
    use image::RgbImage;
    use proptest::prelude::*;

    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x, y, 90].map(|shade| u8::try_from(shade % 256).unwrap()))
        });
        let mut to = Cursor::new(Vec::new());
        picture.write_to(&mut to, format).unwrap();
        to.into_inner()
    }

    fn decode(content: Vec<u8>) -> Result<Picture, NotAPicture> {
        Picture::decode(content.into())
    }

    /// A PNG that says it is so large, and has no pixels.
    fn claims(width: u32, height: u32) -> Vec<u8> {
        let mut png = encoded(1, 1, ImageFormat::Png);
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        png
    }

    /// ISO 3309, as PNG has it.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8)
                .fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
        })
    }

    #[test]
    fn pictures_are_measured_and_kept_as_they_came() {
        for (format, kind) in [(ImageFormat::Png, Kind::Png), (ImageFormat::Jpeg, Kind::Jpeg)] {
            for (width, height) in [(1, 1), (460, 300), (2048, 1), (1, 2048)] {
                let content = encoded(width, height, format);
                let picture = decode(content.clone()).unwrap();
                assert_eq!((picture.kind, picture.width, picture.height), (kind, width, height));
                assert_eq!(picture.content, content);
                assert!((8..=36).contains(&picture.thumbhash.len()), "{}", picture.thumbhash);
            }
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".to_vec();
        for other in [gif, svg, b"RIFF\0\0\0\0WEBPVP8 ".to_vec(), b"<html>".to_vec(), Vec::new()] {
            assert_eq!(decode(other).unwrap_err(), NotAPicture::Format);
        }
        let mut long = encoded(1, 1, ImageFormat::Png);
        long.resize(MAX_BYTES + 1, 0);
        assert_eq!(decode(long).unwrap_err(), NotAPicture::TooLarge);
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            for (width, height) in [(MAX_SIDE + 1, 1), (1, MAX_SIDE + 1)] {
                assert_eq!(decode(encoded(width, height, format)).unwrap_err(), NotAPicture::Dimensions);
            }
            let mut cut = encoded(64, 64, format);
            cut.truncate(cut.len() / 3);
            assert_eq!(decode(cut).unwrap_err(), NotAPicture::Broken, "{format:?}");
        }
    }

    proptest! {
        /// What a head claims is believed for nothing but to refuse it.
        #[test]
        fn no_claim_makes_us_decode(width: u32, height: u32) {
            let refusal = decode(claims(width, height)).unwrap_err();
            if width.max(height) <= i32::MAX.cast_unsigned() && width.min(height) > 0 {
                let expected = if width.max(height) > MAX_SIDE { NotAPicture::Dimensions } else { NotAPicture::Broken };
                prop_assert_eq!(refusal, expected);
            }
        }

        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            crate::fuzzing::picture(&bytes);
            crate::fuzzing::picture(&[b"\x89PNG\r\n\x1a\n", &bytes[..]].concat());
            crate::fuzzing::picture(&[b"\xff\xd8\xff", &bytes[..]].concat());
        }

        #[test]
        fn no_damage_is_too_strange(
            is_png: bool,
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let format = if is_png { ImageFormat::Png } else { ImageFormat::Jpeg };
            let mut content = encoded(33, 21, format);
            for (at, byte) in damage {
                let at = at.index(content.len());
                content[at] = byte;
            }
            crate::fuzzing::picture(&content);
        }
    }
}
