//! The signed form of a label: DAG-CBOR of everything that is there but the signature.

use crate::crypto::{InvalidSignature, PrivateKey, PublicKey};

use super::{Label, SignedLabel};

/// The version of the form.
const VERSION: u64 = 1;

impl SignedLabel {
    /// Signs a label with the `#atproto_label` key of its source.
    #[must_use]
    pub fn sign(label: Label, key: &PrivateKey) -> Self {
        let mut signed = Self { label, ver: Some(VERSION), sig: None };
        signed.sig = Some(key.sign(&signed.message()).to_vec());
        signed
    }

    /// Whether this key signed it; a label without a signature was signed by nobody.
    pub fn verify(&self, key: &PublicKey) -> Result<(), InvalidSignature> {
        let signature = self.sig.as_deref().ok_or(InvalidSignature)?;
        key.verify(&self.message(), signature)
    }

    /// What is signed. Fields that are not of the form (`$type`) are not in it, and `neg` only if it is true.
    fn message(&self) -> Vec<u8> {
        let Self { label: Label { src, uri, cid, val, neg, cts, exp }, ver, .. } = self;
        let texts = [
            ("cid", cid.as_deref()),
            ("cts", Some(cts.as_str())),
            ("exp", exp.as_deref()),
            ("src", Some(src)),
            ("uri", Some(uri)),
            ("val", Some(val)),
        ];
        let pairs = texts.iter().filter(|(_, text)| text.is_some()).count()
            + usize::from(*neg)
            + usize::from(ver.is_some());
        let mut message = Vec::with_capacity(256);
        head(&mut message, MAP, pairs as u64);
        // All keys have three letters, so that their canonical order is that of the alphabet.
        for (key, text) in &texts[..3] {
            pair(&mut message, key, *text);
        }
        if *neg {
            string(&mut message, "neg");
            message.push(TRUE);
        }
        for (key, text) in &texts[3..] {
            pair(&mut message, key, *text);
        }
        if let Some(version) = ver {
            string(&mut message, "ver");
            head(&mut message, UNSIGNED, *version);
        }
        message
    }
}

// Major types of CBOR (RFC 8949 §3.1), and a simple value (§3.3).
const UNSIGNED: u8 = 0;
const TEXT: u8 = 3;
const MAP: u8 = 5;
const TRUE: u8 = 0xf5;

fn pair(message: &mut Vec<u8>, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        string(message, key);
        string(message, text);
    }
}

fn string(message: &mut Vec<u8>, text: &str) {
    head(message, TEXT, text.len() as u64);
    message.extend_from_slice(text.as_bytes());
}

/// A major type and its number in the shortest form.
fn head(message: &mut Vec<u8>, major: u8, number: u64) {
    let major = major << 5;
    // What says that the number follows in one, two, four or eight bytes.
    let [one, two, four, eight] = [24, 25, 26, 27].map(|length| major | length);
    let [.., b3, b2, b1, b0] = number.to_be_bytes();
    match number {
        0..=23 => message.push(major | b0),
        24..=0xff => message.extend([one, b0]),
        0x100..=0xffff => message.extend([two, b1, b0]),
        0x1_0000..=0xffff_ffff => message.extend([four, b3, b2, b1, b0]),
        _ => {
            message.push(eight);
            message.extend(number.to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label() -> Label {
        Label {
            src: "did:plc:labeler".into(),
            uri: "did:plc:subject".into(),
            cid: None,
            val: "spam".into(),
            neg: false,
            cts: "2026-01-01T00:00:00.000Z".into(),
            exp: None,
        }
    }

    #[test]
    fn the_signed_form_is_canonical() {
        let mut signed = SignedLabel { label: label(), ver: Some(1), sig: Some(vec![1]) };
        let plain = b"\xa5\x63cts\x78\x182026-01-01T00:00:00.000Z\x63src\x6fdid:plc:labeler\x63uri\x6fdid:plc:subject\x63val\x64spam\x63ver\x01";
        assert_eq!(signed.message(), plain);
        signed.label = Label { cid: Some("x".into()), neg: true, exp: Some("y".into()), ..label() };
        signed.ver = None;
        let full = b"\xa7\x63cid\x61x\x63cts\x78\x182026-01-01T00:00:00.000Z\x63exp\x61y\x63neg\xf5\x63src\x6fdid:plc:labeler\x63uri\x6fdid:plc:subject\x63val\x64spam";
        assert_eq!(signed.message(), full);
    }

    #[test]
    fn every_field_is_signed() {
        for key in [PrivateKey::generate_k256(), PrivateKey::generate_p256()] {
            let signed = SignedLabel::sign(label(), &key);
            assert_eq!(signed.verify(key.public()), Ok(()));
            for other in [
                Label { src: "did:plc:other".into(), ..label() },
                Label { uri: "did:plc:other".into(), ..label() },
                Label { cid: Some("x".into()), ..label() },
                Label { val: "ham".into(), ..label() },
                Label { neg: true, ..label() },
                Label { cts: "2026-01-01T00:00:00.001Z".into(), ..label() },
                Label { exp: Some("x".into()), ..label() },
            ] {
                let forged = SignedLabel { label: other, ..signed.clone() };
                assert_eq!(forged.verify(key.public()), Err(InvalidSignature));
            }
            let unsigned = SignedLabel { sig: None, ..signed.clone() };
            assert_eq!(unsigned.verify(key.public()), Err(InvalidSignature));
            let short = SignedLabel { sig: Some(vec![0; 63]), ..signed };
            assert_eq!(short.verify(key.public()), Err(InvalidSignature));
        }
    }

    #[test]
    fn numbers_have_their_shortest_form() {
        for (number, bytes) in [
            (23, &[0x17][..]),
            (24, &[0x18, 24]),
            (256, &[0x19, 1, 0]),
            (65_536, &[0x1a, 0, 1, 0, 0]),
            (1 << 32, &[0x1b, 0, 0, 0, 1, 0, 0, 0, 0]),
        ] {
            let mut message = Vec::new();
            head(&mut message, UNSIGNED, number);
            assert_eq!(message, bytes);
        }
    }
}
