//! Tags that a manifest is given together with its upload: `?tag=a&tag=b` (spec/registry.md §1.2, §1.6).

use http::StatusCode;

use crate::{Error, ErrorCode, Reference, Tag};

/// Tags of one request at most.
const MAX_TAGS: usize = 100;

/// Reads the values of `tag`, percent-decoded, of a manifest that is put under `reference`; each tag once, in their order.
///
/// More than a hundred are 414. Beside a tag in the path none may stand: 400 `MANIFEST_INVALID`.
pub fn tag_parameters<'q>(
    reference: &Reference,
    values: impl IntoIterator<Item = &'q str>,
) -> Result<Vec<Tag>, Error> {
    let mut tags = Vec::new();
    for value in values {
        if matches!(reference, Reference::Tag(_)) {
            return Err(Error::new(
                ErrorCode::ManifestInvalid,
                "the parameter tag belongs to a manifest that is put under its digest",
            ));
        }
        let tag = Tag::parse(value)?;
        if tags.contains(&tag) {
            continue;
        }
        if tags.len() == MAX_TAGS {
            return Err(Error::new(
                ErrorCode::SizeInvalid,
                format!("at most {MAX_TAGS} tags are taken at once"),
            )
            .with_status(StatusCode::URI_TOO_LONG));
        }
        tags.push(tag);
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Algorithm, Digest};

    #[test]
    fn are_tags_beside_a_digest() {
        let digest = Reference::Digest(Digest::of(Algorithm::Sha256, b""));
        let names: Vec<String> = (0..=MAX_TAGS).map(|at| format!("t{at}")).collect();
        let parse = |reference, count| tag_parameters(reference, names[..count].iter().map(String::as_str));
        assert_eq!(parse(&digest, MAX_TAGS).unwrap().len(), MAX_TAGS);
        assert_eq!(parse(&digest, MAX_TAGS + 1).unwrap_err().status(), StatusCode::URI_TOO_LONG);
        assert_eq!(tag_parameters(&digest, ["a", "b", "a"]).unwrap().len(), 2);
        assert_eq!(tag_parameters(&digest, ["a/b"]).unwrap_err().code(), ErrorCode::ManifestInvalid);
        let tag = Reference::parse("latest").unwrap();
        assert_eq!(parse(&tag, 0), Ok(Vec::new()));
        assert_eq!(parse(&tag, 1).unwrap_err().code(), ErrorCode::ManifestInvalid);
    }
}
