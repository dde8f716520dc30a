//! Messages of `com.atproto.label.subscribeLabels`: a header and a body, one after the other.

use super::{Label, SignedLabel};
use crate::cbor::{Item, Reader};
use crate::event_stream::{FrameError, Header, key, once, pairs, told};

/// Largest frame that is read.
pub const MAX_FRAME_BYTES: usize = 5 << 20;

/// Labels in one message at most. Labelers send one or a handful; this bounds what a frame becomes in memory.
const MAX_LABELS: usize = 10_000;

/// One message of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// `#labels`.
    Labels {
        /// Its number: the cursor once its labels are stored.
        seq: i64,
        /// Its labels, in their order; `None` for one that is not a label at all.
        labels: Vec<Option<SignedLabel>>,
    },
    /// `#info`: about the stream itself, such as `OutdatedCursor`.
    Info {
        /// What it is about.
        name: String,
        /// For people.
        message: Option<String>,
    },
    /// The labeler ends the stream, for instance with `FutureCursor`.
    Error {
        /// What is wrong.
        error: String,
        /// For people.
        message: Option<String>,
    },
    /// A type that is not known, to be passed over.
    Unknown,
}

impl Frame {
    /// Reads the bytes of one WebSocket message.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        if bytes.len() > MAX_FRAME_BYTES {
            return Err(FrameError::TooLarge { limit: MAX_FRAME_BYTES });
        }
        let mut reader = Reader::new(bytes);
        let header = Header::read(&mut reader)?;
        let frame = match header {
            Header::Message("#labels") => labels(&mut reader)?,
            Header::Message("#info") => {
                let (name, message) = told(&mut reader, "name")?;
                Self::Info { name, message }
            }
            Header::Message(_) => {
                reader.skip()?;
                Self::Unknown
            }
            Header::Error => {
                let (error, message) = told(&mut reader, "error")?;
                Self::Error { error, message }
            }
        };
        reader.end()?;
        Ok(frame)
    }
}

fn labels(reader: &mut Reader<'_>) -> Result<Frame, FrameError> {
    let (mut seq, mut labels) = (None, None);
    for _ in 0..pairs(reader)? {
        match key(reader)? {
            "seq" => match reader.item()? {
                Item::Unsigned(number) => once(&mut seq, number)?,
                _ => return Err(FrameError::WrongShape("its number is none")),
            },
            "labels" => {
                let Item::Array(count) = reader.item()? else {
                    return Err(FrameError::WrongShape("its labels are not an array"));
                };
                if count > MAX_LABELS {
                    return Err(FrameError::TooMany { what: "labels", limit: MAX_LABELS });
                }
                let list = (0..count).map(|_| label(reader)).collect::<Result<Vec<_>, _>>()?;
                once(&mut labels, list)?;
            }
            _ => reader.skip()?,
        }
    }
    let seq = seq.and_then(|seq| i64::try_from(seq).ok());
    match (seq, labels) {
        (Some(seq), Some(labels)) => Ok(Frame::Labels { seq, labels }),
        _ => Err(FrameError::WrongShape("its number or its labels are missing")),
    }
}

/// One label; `None` for a value that is not a label, which is passed over.
fn label(reader: &mut Reader<'_>) -> Result<Option<SignedLabel>, FrameError> {
    let mut inside = reader.clone();
    reader.skip()?;
    let Item::Map(pairs) = inside.item()? else { return Ok(None) };
    let [mut src, mut uri, mut cid, mut val, mut cts, mut exp] = [const { None }; 6];
    let (mut neg, mut ver, mut sig) = (None, None, None);
    for _ in 0..pairs {
        let key = key(&mut inside)?;
        let mut value = inside.clone();
        inside.skip()?;
        match (key, value.item()?) {
            ("src", Item::Text(text)) => once(&mut src, text)?,
            ("uri", Item::Text(text)) => once(&mut uri, text)?,
            ("cid", Item::Text(text)) => once(&mut cid, text)?,
            ("val", Item::Text(text)) => once(&mut val, text)?,
            ("cts", Item::Text(text)) => once(&mut cts, text)?,
            ("exp", Item::Text(text)) => once(&mut exp, text)?,
            ("neg", Item::Bool(is)) => once(&mut neg, is)?,
            ("ver", Item::Unsigned(number)) => once(&mut ver, number)?,
            ("sig", Item::Bytes(bytes)) => once(&mut sig, bytes)?,
            ("src" | "uri" | "cid" | "val" | "cts" | "exp" | "neg" | "ver" | "sig", _) => return Ok(None),
            _ => {}
        }
    }
    let (Some(src), Some(uri), Some(val), Some(cts)) = (src, uri, val, cts) else { return Ok(None) };
    let label = Label {
        src: src.to_owned(),
        uri: uri.to_owned(),
        cid: cid.map(str::to_owned),
        val: val.to_owned(),
        neg: neg.unwrap_or_default(),
        cts: cts.to_owned(),
        exp: exp.map(str::to_owned),
    };
    Ok(Some(SignedLabel { label, ver, sig: sig.map(<[u8]>::to_vec) }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &[u8] = b"\xa2\x61t\x67#labels\x62op\x01\xa2\x63seq\x18\x2a\x66labels\x82\
        \xa6\x63neg\xf5\x63cts\x61c\x63src\x61s\x63uri\x61u\x63val\x61v\x65$type\x81\xf6\
        \xa5\x63cts\x61c\x63sig\x42\x01\x02\x63src\x61s\x63uri\x61u\x63val\x01";

    #[test]
    fn reads_labels_and_passes_over_what_is_none() {
        let Frame::Labels { seq, labels } = Frame::decode(GOOD).unwrap() else { panic!("other type") };
        assert_eq!(seq, 42);
        let [Some(first), None] = &labels[..] else { panic!("{labels:?}") };
        assert_eq!((first.label.val.as_str(), first.label.neg, &first.sig), ("v", true, &None));
    }

    #[test]
    fn reads_the_other_messages() {
        let info = b"\xa2\x61t\x65#info\x62op\x01\xa2\x64name\x6eOutdatedCursor\x67message\x01";
        assert_eq!(Frame::decode(info), Ok(Frame::Info { name: "OutdatedCursor".into(), message: None }));
        let error = b"\xa1\x62op\x20\xa2\x65error\x6cFutureCursor\x67message\x62no";
        let told = Frame::Error { error: "FutureCursor".into(), message: Some("no".into()) };
        assert_eq!(Frame::decode(error), Ok(told));
        assert_eq!(Frame::decode(b"\xa2\x61t\x65#news\x62op\x01\x80"), Ok(Frame::Unknown));
    }

    #[test]
    fn refuses_what_is_no_message() {
        for (bytes, reason) in [
            (&b""[..], "not_cbor"),
            (b"\x80\x80", "wrong_shape"),
            (b"\xa1\x62op\x01\xa0", "wrong_shape"),
            (b"\xa2\x61t\x67#labels\x62op\x01\xa1\x66labels\x80", "wrong_shape"),
            (b"\xa2\x61t\x67#labels\x62op\x01\xa2\x63seq\x20\x66labels\x80", "wrong_shape"),
            (b"\xa2\x61t\x67#labels\x62op\x01\xa3\x63seq\x01\x63seq\x02\x66labels\x80", "wrong_shape"),
            (b"\xa2\x61t\x67#labels\x62op\x01\xa2\x63seq\x1b\xff\xff\xff\xff\xff\xff\xff\xff\x66labels\x80", "wrong_shape"),
        ] {
            assert_eq!(Frame::decode(bytes).unwrap_err().reason(), reason, "{bytes:?}");
        }
        assert_eq!(Frame::decode(&vec![0; MAX_FRAME_BYTES + 1]).unwrap_err().reason(), "too_large");
        let mut trailing = GOOD.to_vec();
        trailing.push(0);
        assert_eq!(Frame::decode(&trailing).unwrap_err().reason(), "not_cbor");
    }

    #[test]
    fn the_number_of_labels_is_bounded() {
        let frame = |labels: u16| {
            let mut frame = b"\xa2\x61t\x67#labels\x62op\x01\xa2\x63seq\x01\x66labels\x99".to_vec();
            frame.extend(labels.to_be_bytes());
            frame.resize(frame.len() + usize::from(labels), 0);
            Frame::decode(&frame)
        };
        assert!(matches!(frame(10_000), Ok(Frame::Labels { labels, .. }) if labels.len() == 10_000));
        assert_eq!(frame(10_001), Err(FrameError::TooMany { what: "labels", limit: 10_000 }));
    }

    #[test]
    fn a_frame_that_ends_early_is_none() {
        for end in 0..GOOD.len() {
            assert!(Frame::decode(&GOOD[..end]).is_err(), "{end}");
        }
    }

    proptest! {
        #[test]
        fn survives_whatever_comes(bytes: Vec<u8>) {
            let _ = Frame::decode(&bytes);
        }

        #[test]
        fn survives_damage(place in 0..GOOD.len(), byte: u8) {
            let mut frame = GOOD.to_vec();
            frame[place] = byte;
            let _ = Frame::decode(&frame);
        }
    }
}
