//! Keys survive being written, and others' are read.

use super::{KeyError, KeyType, PrivateKey, PublicKey};

/// The key of draft-cavage appendix C, which has 1,024 bits only.
const SHORT: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3
6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6
Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw
oYi+1hqp1fIekaxsyQIDAQAB
-----END PUBLIC KEY-----";

#[test]
fn are_the_same_however_they_are_written() {
    for key_type in [KeyType::Rsa, KeyType::Ed25519] {
        let key = PrivateKey::generate(key_type).unwrap();
        let public = key.public_key().unwrap();
        let signature = key.sign(b"message").unwrap();
        let again = PrivateKey::from_pem(&key.to_pem().unwrap()).unwrap();
        let indented = public.to_pem().unwrap().replace('\n', "\r\n  ");
        for other in [
            again.public_key().unwrap(),
            PublicKey::from_pem(&public.to_pem().unwrap()).unwrap(),
            PublicKey::from_pem(&indented).unwrap(),
            PublicKey::from_multikey(&public.to_multikey()).unwrap(),
        ] {
            assert_eq!((&other, other.key_type()), (&public, key_type));
            assert!(other.verify(b"message", &signature) && !other.verify(b"messagf", &signature));
            assert!(!other.verify(b"message", &signature[1..]) && !other.verify(b"message", &[]));
        }
        assert!(!format!("{key:?} {public:?}").contains("BEGIN"));
    }
}

#[test]
fn of_rsa_are_read_in_the_older_form_too() {
    let key = PrivateKey::generate(KeyType::Rsa).unwrap().public_key().unwrap();
    let bytes = bs58::decode(&key.to_multikey()[1..]).into_vec().unwrap();
    let older = super::pem::write("RSA PUBLIC KEY", &bytes[2..]);
    assert_eq!(PublicKey::from_pem(&older), Ok(key));
}

#[test]
fn that_are_short_or_broken_are_refused() {
    assert_eq!(PublicKey::from_pem(SHORT), Err(KeyError::Unsupported));
    let good = PrivateKey::generate(KeyType::Ed25519).unwrap();
    let (private, public) = (good.to_pem().unwrap(), good.public_key().unwrap());
    let pem = public.to_pem().unwrap();
    for bad in
        ["", "x", &pem.replace("PUBLIC", "EC PUBLIC"), &pem[..60], &private, &"-----BEGIN ".repeat(5_000)]
    {
        assert!(PublicKey::from_pem(bad).is_err(), "{bad}");
    }
    let word = public.to_multikey();
    for bad in [
        "",
        "z",
        &word[1..],
        &word[..20],
        "zQ3shunBKsXixLxKtC5qeSG9E4J5RkGN57im31pcTzbNQnm5w",
        &format!("z{}", "2".repeat(9_000)),
    ] {
        assert!(PublicKey::from_multikey(bad).is_err(), "{bad}");
    }
    for bad in ["", &pem, &private.replace("PRIVATE", "RSA PRIVATE")] {
        assert!(PrivateKey::from_pem(bad).is_err(), "{bad}");
    }
}
