//! The reasons for which the protocol refuses a request (spec/registry.md §1.2).

use http::StatusCode;

/// Why a request is refused, as `code` of the error body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The blob is not in this repository.
    BlobUnknown,
    /// A piece of an upload that does not fit: bad `Content-Range`, wrong offset, another writer.
    BlobUploadInvalid,
    /// There is no such upload, or it is another repository's.
    BlobUploadUnknown,
    /// A digest that is malformed, of an algorithm that is not known here, or not that of the content.
    DigestInvalid,
    /// A manifest refers to something that is not in the repository.
    ManifestBlobUnknown,
    /// Not a manifest.
    ManifestInvalid,
    /// The manifest or tag is not in this repository.
    ManifestUnknown,
    /// Not the name of a repository.
    NameInvalid,
    /// The owner does not exist, the repository has nothing, or the path leads nowhere.
    NameUnknown,
    /// `n` is not a number.
    PaginationNumberInvalid,
    /// A length that is not the content's, or more than is taken.
    SizeInvalid,
    /// No valid token, or one without the scope: clients get another only after this one.
    Unauthorized,
    /// Everybody knows who is asking, and the answer is no.
    Denied,
    /// Not something that can be done here.
    Unsupported,
    /// Later.
    TooManyRequests,
    /// Our own fault.
    Unknown,
}

impl ErrorCode {
    /// Every code, in the order of the specification's table.
    pub const ALL: [Self; 16] = [
        Self::BlobUnknown,
        Self::BlobUploadInvalid,
        Self::BlobUploadUnknown,
        Self::DigestInvalid,
        Self::ManifestBlobUnknown,
        Self::ManifestInvalid,
        Self::ManifestUnknown,
        Self::NameInvalid,
        Self::NameUnknown,
        Self::PaginationNumberInvalid,
        Self::SizeInvalid,
        Self::Unauthorized,
        Self::Denied,
        Self::Unsupported,
        Self::TooManyRequests,
        Self::Unknown,
    ];

    /// The code as it is sent: capital letters and underscores.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The status it is sent with unless the [`Error`](crate::Error) says another.
    #[must_use]
    pub fn status(self) -> StatusCode {
        self.row().1
    }

    /// What it means to people, where there is nothing more exact to say.
    #[must_use]
    pub fn message(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (&'static str, StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::BlobUnknown => ("BLOB_UNKNOWN", S::NOT_FOUND, "this repository has no such blob"),
            Self::BlobUploadInvalid => {
                ("BLOB_UPLOAD_INVALID", S::BAD_REQUEST, "this does not fit what was uploaded so far")
            }
            Self::BlobUploadUnknown => {
                ("BLOB_UPLOAD_UNKNOWN", S::NOT_FOUND, "this repository has no such upload; start a new one")
            }
            Self::DigestInvalid => {
                ("DIGEST_INVALID", S::BAD_REQUEST, "the digest is not that of the content")
            }
            Self::ManifestBlobUnknown => (
                "MANIFEST_BLOB_UNKNOWN",
                S::BAD_REQUEST,
                "the manifest refers to something this repository does not have; push that first",
            ),
            Self::ManifestInvalid => ("MANIFEST_INVALID", S::BAD_REQUEST, "this is not a manifest"),
            Self::ManifestUnknown => {
                ("MANIFEST_UNKNOWN", S::NOT_FOUND, "this repository has no such manifest or tag")
            }
            Self::NameInvalid => ("NAME_INVALID", S::BAD_REQUEST, "this is not the name of a repository"),
            Self::NameUnknown => ("NAME_UNKNOWN", S::NOT_FOUND, "there is no such repository"),
            Self::PaginationNumberInvalid => {
                ("PAGINATION_NUMBER_INVALID", S::BAD_REQUEST, "n has to be a whole number, 0 or more")
            }
            Self::SizeInvalid => {
                ("SIZE_INVALID", S::BAD_REQUEST, "the length that was given is not that of the content")
            }
            Self::Unauthorized => {
                ("UNAUTHORIZED", S::UNAUTHORIZED, "log in to this registry, or get a token with the scope")
            }
            Self::Denied => ("DENIED", S::FORBIDDEN, "you may not do this here"),
            Self::Unsupported => ("UNSUPPORTED", S::METHOD_NOT_ALLOWED, "this is not possible here"),
            Self::TooManyRequests => {
                ("TOOMANYREQUESTS", S::TOO_MANY_REQUESTS, "too many requests; try again later")
            }
            Self::Unknown => ("UNKNOWN", S::INTERNAL_SERVER_ERROR, "something went wrong here"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_status() {
        let statuses = ErrorCode::ALL.map(|code| (code.as_str(), code.status().as_u16()));
        let expected = [
            ("BLOB_UNKNOWN", 404),
            ("BLOB_UPLOAD_INVALID", 400),
            ("BLOB_UPLOAD_UNKNOWN", 404),
            ("DIGEST_INVALID", 400),
            ("MANIFEST_BLOB_UNKNOWN", 400),
            ("MANIFEST_INVALID", 400),
            ("MANIFEST_UNKNOWN", 404),
            ("NAME_INVALID", 400),
            ("NAME_UNKNOWN", 404),
            ("PAGINATION_NUMBER_INVALID", 400),
            ("SIZE_INVALID", 400),
            ("UNAUTHORIZED", 401),
            ("DENIED", 403),
            ("UNSUPPORTED", 405),
            ("TOOMANYREQUESTS", 429),
            ("UNKNOWN", 500),
        ];
        assert_eq!(statuses, expected);
        for code in ErrorCode::ALL {
            assert!(code.as_str().bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'));
            assert!(!code.message().is_empty());
        }
    }
}
