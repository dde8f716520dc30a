//! What `POST …/blobs/uploads/` is meant to start (spec/registry.md §1.2, §1.5).

use std::borrow::Cow;

use crate::{Algorithm, Digest, Error, RepositoryName};

/// One of the three things that start an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadStart {
    /// An upload that further requests fill.
    Session {
        /// The algorithm that its digest will be of, if the client knows.
        algorithm: Option<Algorithm>,
    },
    /// The whole blob is the body.
    Whole(Digest),
    /// The blob is in another repository already; where that cannot be, it is a session.
    Mount {
        /// The blob.
        digest: Digest,
        /// Where it is; any repository the caller may read if it does not say, or says what is no name.
        from: Option<RepositoryName>,
    },
}

impl UploadStart {
    /// Reads the query, percent-decoded. The first of equal keys counts, unknown ones do not.
    pub fn parse<'q>(query: impl IntoIterator<Item = (Cow<'q, str>, Cow<'q, str>)>) -> Result<Self, Error> {
        let [mut mount, mut from, mut digest, mut algorithm] = [const { None }; 4];
        for (key, value) in query {
            let place = match &*key {
                "mount" => &mut mount,
                "from" => &mut from,
                "digest" => &mut digest,
                "digest-algorithm" => &mut algorithm,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        if let Some(mount) = mount {
            let from = from.and_then(|name| RepositoryName::parse(&name).ok());
            return Ok(Self::Mount { digest: Digest::parse(&mount)?, from });
        }
        if let Some(digest) = digest {
            return Digest::parse(&digest).map(Self::Whole);
        }
        let algorithm = algorithm.map(|name| Algorithm::parse(&name)).transpose()?;
        Ok(Self::Session { algorithm })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    fn parse(query: &[(&'static str, &str)]) -> Result<UploadStart, Error> {
        UploadStart::parse(query.iter().map(|&(key, value)| (key.into(), value.to_owned().into())))
    }

    #[test]
    fn is_one_of_three() {
        let digest = Digest::of(Algorithm::Sha512, b"{}");
        let text = digest.to_string();
        let name = RepositoryName::parse("a.test/app").unwrap();
        assert_eq!(parse(&[("ns", "docker.io")]), Ok(UploadStart::Session { algorithm: None }));
        assert_eq!(
            parse(&[("digest-algorithm", "sha512")]),
            Ok(UploadStart::Session { algorithm: Some(Algorithm::Sha512) })
        );
        assert_eq!(parse(&[("digest", &text), ("digest", "x")]), Ok(UploadStart::Whole(digest)));
        for (from, expected) in [("a.test/app", Some(name)), ("../x", None)] {
            let start = parse(&[("from", from), ("mount", &text)]);
            assert_eq!(start, Ok(UploadStart::Mount { digest, from: expected }));
        }
        assert_eq!(parse(&[("mount", &text)]), Ok(UploadStart::Mount { digest, from: None }));
    }

    #[test]
    fn refuses_what_is_no_digest() {
        for key in ["mount", "digest", "digest-algorithm"] {
            assert_eq!(parse(&[(key, "md5")]).unwrap_err().code(), ErrorCode::DigestInvalid, "{key}");
        }
    }
}
