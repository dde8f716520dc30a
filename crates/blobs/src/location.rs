//! Where a bucket is, and as whom it is spoken to.

use std::fmt;

use url::Url;

use crate::Error;

/// `s3://KEY:SECRET@HOST[:PORT]/BUCKET[?region=REGION][&tls=false]`, read.
#[derive(Clone, PartialEq, Eq)]
pub struct Location {
    pub(crate) endpoint: String,
    pub(crate) bucket: String,
    pub(crate) region: String,
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) has_tls: bool,
}

impl Location {
    /// Reads the URL.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let url = Url::parse(text).map_err(|_| Error::Url("the URL of the bucket cannot be read"))?;
        if url.scheme() != "s3" {
            return Err(Error::Url("the URL of the bucket does not begin with s3://"));
        }
        let host =
            url.host_str().filter(|host| !host.is_empty()).ok_or(Error::Url("the URL names no host"))?;
        let bucket = url.path().trim_matches('/');
        if bucket.is_empty() || bucket.contains('/') {
            return Err(Error::Url("the path of the URL is not the name of a bucket"));
        }
        let (key, secret) = (url.username(), url.password().unwrap_or_default());
        if key.is_empty() || secret.is_empty() {
            return Err(Error::Url("the URL has no access key, or no secret"));
        }
        let (mut region, mut has_tls) = ("us-east-1".to_owned(), true);
        for (name, value) in url.query_pairs() {
            match (&*name, &*value) {
                ("region", value) if !value.is_empty() => value.clone_into(&mut region),
                ("tls", "true") => has_tls = true,
                ("tls", "false") => has_tls = false,
                _ => return Err(Error::Url("the URL has a parameter that there is not")),
            }
        }
        let scheme = if has_tls { "https" } else { "http" };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self {
            endpoint: format!("{scheme}://{host}{port}"),
            bucket: bucket.to_owned(),
            region,
            key: decoded(key)?,
            secret: decoded(secret)?,
            has_tls,
        })
    }
}

/// Keys have slashes and other letters that a URL writes as `%2F`.
fn decoded(text: &str) -> Result<String, Error> {
    let wrong = Error::Url("the access key or the secret is not written as a URL has it");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => bytes.push(byte),
            None => return Err(wrong),
        }
        rest = &rest[2..];
    }
    String::from_utf8(bytes).map_err(|_| wrong)
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.endpoint, self.bucket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_and_as_whom() {
        let found =
            Location::parse("s3://key:a%2Fb%2B@minio.example:9000/files?region=eu&tls=false").unwrap();
        assert_eq!((&*found.endpoint, &*found.bucket), ("http://minio.example:9000", "files"));
        assert_eq!((&*found.key, &*found.secret, &*found.region), ("key", "a/b+", "eu"));
        let found = Location::parse("s3://key:secret@s3.example.com/files").unwrap();
        assert_eq!((&*found.endpoint, &*found.region), ("https://s3.example.com", "us-east-1"));
        assert!(!format!("{found:?}").contains("secret"));
    }

    #[test]
    fn what_is_none_is_refused_without_telling_the_secret() {
        for text in [
            "",
            "https://key:hush@h/b",
            "s3://h/b",
            "s3://key@h/b",
            "s3://key:hush@h/",
            "s3://key:hush@h/b/c",
            "s3://key:hush@h/b?x=y",
            "s3://key:hush@h/b?tls=no",
            "s3://key:hush%zz@h/b",
            "s3://key:hush%f@h/b",
        ] {
            let refused = Location::parse(text).unwrap_err().to_string();
            assert!(!refused.contains("hush"), "{refused}");
        }
    }
}
