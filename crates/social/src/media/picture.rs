//! Bytes that are a picture: measured before they are decoded, decoded within bounds, and written anew.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use tokio::sync::Semaphore;

use super::Kind;
use crate::Error;

/// The longest side, in pixels.
const MAX_SIDE: u32 = 8192;

/// Pixels of one picture, or of all pictures of a moving one.
const MAX_PIXELS: u64 = 40_000_000;

/// What decoding may allocate, in bytes: each pixel has at most eight.
const MAX_ALLOCATED: u64 = MAX_PIXELS * 8;

/// Of a moving picture.
const MAX_FRAMES: usize = 500;

/// The longest side of what a preview is computed from, in pixels: it shows no more.
const PREVIEW_SIDE: u32 = 32;

/// Waves of a preview along its longer and its shorter side.
const PREVIEW_WAVES: (u32, u32) = (4, 3);

/// Pictures that are decoded at once.
static DECODERS: Semaphore = Semaphore::const_new(2);

/// A picture with nothing in its file but what is seen.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The file.
    pub content: Bytes,
    /// What it is.
    pub kind: Kind,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// What clients show until it is there.
    pub blurhash: String,
}

/// How large a picture is kept; a larger one is made smaller, except moving ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u32);

impl Size {
    /// Beside a name.
    pub const AVATAR: Self = Self(1024);
    /// Above a profile.
    pub const BANNER: Self = Self(2048);
    /// Below a text.
    pub const ATTACHMENT: Self = Self(4096);
}

impl Picture {
    /// Checks and rewrites, on a thread where that may take a while, and few at a time.
    pub async fn read(content: Bytes, size: Size) -> Result<Self, Error> {
        let place = DECODERS.acquire().await.map_err(|_| Error::Ended)?;
        let read = tokio::task::spawn_blocking(move || {
            let _place = place;
            Self::decode(&content, size)
        });
        read.await.map_err(|_| Error::Ended)?
    }

    /// Checks it, from what costs least to what costs most.
    pub(crate) fn decode(content: &[u8], size: Size) -> Result<Self, Error> {
        let kind = Kind::of(content).ok_or_else(|| invalid("it is none of JPEG, PNG, GIF and WebP"))?;
        if kind == Kind::Gif {
            return moving(content);
        }
        let mut reader = ImageReader::with_format(Cursor::new(content), kind.format());
        reader.limits(limits());
        let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
        let (width, height) = decoder.dimensions();
        check_pixels(u64::from(width) * u64::from(height))?;
        let orientation = decoder.orientation().map_err(|error| refused(&error))?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
        picture.apply_orientation(orientation);
        if picture.width().max(picture.height()) > size.0 {
            picture = picture.thumbnail(size.0, size.0);
        }
        // The formats differ in what a pixel can be.
        let picture = match kind {
            Kind::Jpeg => DynamicImage::from(picture.into_rgb8()),
            _ if picture.color().has_alpha() => DynamicImage::from(picture.into_rgba8()),
            _ => DynamicImage::from(picture.into_rgb8()),
        };
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, kind.format()).map_err(|error| refused(&error))?;
        let (width, height, blurhash) = (picture.width(), picture.height(), preview(&picture)?);
        Ok(Self { content: file.into_inner().into(), kind, width, height, blurhash })
    }
}

/// Every picture of a GIF, decoded and written one after the other.
fn moving(content: &[u8]) -> Result<Picture, Error> {
    let mut decoder = GifDecoder::new(Cursor::new(content)).map_err(|error| refused(&error))?;
    decoder.set_limits(limits()).map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let mut file = Cursor::new(Vec::new());
    let mut encoder = GifEncoder::new_with_speed(&mut file, 30);
    encoder.set_repeat(Repeat::Infinite).map_err(|error| refused(&error))?;
    let (mut frames, mut blurhash) = (0, None);
    for frame in decoder.into_frames() {
        frames += 1;
        check_pixels(pixels.saturating_mul(frames))?;
        if usize::try_from(frames).unwrap_or(usize::MAX) > MAX_FRAMES {
            return Err(invalid("it has too many frames"));
        }
        let frame = frame.map_err(|error| refused(&error))?;
        if blurhash.is_none() {
            blurhash = Some(preview(&DynamicImage::from(frame.buffer().clone()))?);
        }
        encoder.encode_frame(frame).map_err(|error| refused(&error))?;
    }
    drop(encoder);
    let blurhash = blurhash.ok_or_else(|| invalid("it cannot be decoded"))?;
    Ok(Picture { content: file.into_inner().into(), kind: Kind::Gif, width, height, blurhash })
}

/// Of a small copy, because the work grows with the pixels.
fn preview(picture: &DynamicImage) -> Result<String, Error> {
    let small = picture.thumbnail(PREVIEW_SIDE, PREVIEW_SIDE).into_rgba8();
    let (long, short) = PREVIEW_WAVES;
    let (across, down) = if small.width() >= small.height() { (long, short) } else { (short, long) };
    blurhash::encode(across, down, small.width(), small.height(), small.as_raw())
        .map_err(|_| invalid("it cannot be decoded"))
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOCATED);
    limits
}

fn check_pixels(pixels: u64) -> Result<(), Error> {
    if pixels > MAX_PIXELS { Err(invalid("it has more than 40 million pixels")) } else { Ok(()) }
}

fn refused(error: &ImageError) -> Error {
    match error {
        ImageError::Limits(_) => invalid("it has more than 8192 pixels on a side"),
        _ => invalid("it cannot be decoded"),
    }
}

fn invalid(reason: &str) -> Error {
    Error::Invalid(format!("the file is not taken for a picture: {reason}"))
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, RgbImage};
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

    #[test]
    fn pictures_are_written_anew() {
        for kind in Kind::ALL {
            let file = encoded(40, 30, kind.format());
            let picture = Picture::decode(&file, Size::AVATAR).unwrap();
            assert_eq!((picture.kind, picture.width, picture.height), (kind, 40, 30));
            assert_eq!(Kind::of(&picture.content), Some(kind));
            let preview = blurhash::decode(&picture.blurhash, 8, 6, 1.0).unwrap();
            assert_eq!(preview.len(), 8 * 6 * 4, "what clients draw of {}", picture.blurhash);
        }
        let small = Picture::decode(&encoded(2000, 500, ImageFormat::Png), Size::AVATAR).unwrap();
        assert_eq!((small.width, small.height), (1024, 256));
    }

    #[test]
    fn what_else_is_in_the_file_is_left_out() {
        let mut jpeg = encoded(8, 8, ImageFormat::Jpeg);
        // A comment, right after the beginning, as cameras write where they were.
        let secret = b"\xff\xfe\x00\x11GPS 52.5 13.4 x";
        jpeg.splice(2..2, secret.iter().copied());
        let picture = Picture::decode(&jpeg, Size::AVATAR).unwrap();
        assert!(!picture.content.windows(3).any(|bytes| bytes == b"GPS"));
        let mut png = encoded(8, 8, ImageFormat::Png);
        png.extend_from_slice(b"<script>GPS</script>");
        let picture = Picture::decode(&png, Size::AVATAR).unwrap();
        assert!(!picture.content.windows(3).any(|bytes| bytes == b"GPS"));
    }

    #[test]
    fn what_is_none_is_refused() {
        let others: [&[u8]; 6] = [
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"<html>",
            b"{\"id\":1}",
            b"",
            b"GIF89a",
            b"\xff\xd8\xff",
        ];
        for other in others {
            assert!(matches!(Picture::decode(other, Size::AVATAR), Err(Error::Invalid(_))));
        }
        let wide = encoded(MAX_SIDE + 1, 1, ImageFormat::Png);
        assert!(Picture::decode(&wide, Size::AVATAR).unwrap_err().to_string().contains("8192"));
    }

    proptest! {
        #[test]
        fn no_damage_is_too_strange(
            kind in prop::sample::select(Kind::ALL.as_slice()),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let mut file = encoded(17, 9, kind.format());
            for (at, byte) in damage {
                let at = at.index(file.len());
                file[at] = byte;
            }
            drop(Picture::decode(&file, Size::AVATAR));
        }
    }
}
