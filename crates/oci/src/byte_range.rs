//! Which part of a blob is asked for (spec/registry.md §1.4; RFC 9110, section 14).

/// What `Range` comes to, given the size of what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteRange {
    /// All of it, with 200.
    Full,
    /// A part of it, with 206.
    Partial {
        /// The first byte's position.
        first: u64,
        /// The last byte's position.
        last: u64,
    },
    /// A part that there is not: 416.
    Unsatisfiable,
}

impl ByteRange {
    /// Reads the header against `size` bytes. Other units, several ranges at once and whatever is not understood are
    /// answered with everything, as the protocol allows; a range that ends before it begins is unsatisfiable.
    #[must_use]
    pub fn parse(header: Option<&str>, size: u64) -> Self {
        header.and_then(|header| Self::understand(header, size)).unwrap_or(Self::Full)
    }

    fn understand(header: &str, size: u64) -> Option<Self> {
        let (unit, range) = header.split_once('=')?;
        if !unit.trim_ascii().eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (first, last) = range.trim_ascii().split_once('-')?;
        if first.is_empty() {
            return Some(Self::suffix(number(last)?, size));
        }
        let first = number(first)?;
        let last = if last.is_empty() { u64::MAX } else { number(last)? };
        if first > last || first >= size {
            return Some(Self::Unsatisfiable);
        }
        let end = if faults::mutant!("oci-range-one-too-long") { size } else { size - 1 };
        Some(Self::Partial { first, last: last.min(end) })
    }

    fn suffix(length: u64, size: u64) -> Self {
        match (length, size) {
            (0, _) => Self::Unsatisfiable,
            // There is no way to write the whole of nothing as a range.
            (_, 0) => Self::Full,
            _ => Self::Partial { first: size.saturating_sub(length), last: size - 1 },
        }
    }

    /// How many bytes the body has.
    #[must_use]
    pub fn body_length(self, size: u64) -> u64 {
        match self {
            Self::Full => size,
            Self::Partial { first, last } => last - first + 1,
            Self::Unsatisfiable => 0,
        }
    }

    /// The value of `Content-Range`, which an answer with everything does not have.
    #[must_use]
    pub fn content_range(self, size: u64) -> Option<String> {
        match self {
            Self::Full => None,
            Self::Partial { first, last } => Some(format!("bytes {first}-{last}/{size}")),
            Self::Unsatisfiable => Some(format!("bytes */{size}")),
        }
    }
}

/// Digits, however many: a number beyond 64 bits is beyond every size.
fn number(digits: &str) -> Option<u64> {
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_ranges_of_the_matrix() {
        for (header, first, last) in [
            ("bytes=500-1499", 500, 1499),
            ("bytes=500-", 500, 2047),
            ("bytes=-500", 1548, 2047),
            ("bytes=2000-5000", 2000, 2047),
            ("bytes=-5000", 0, 2047),
            ("bytes=0-0", 0, 0),
            ("Bytes=0-99999999999999999999999", 0, 2047),
        ] {
            let range = ByteRange::parse(Some(header), 2048);
            assert_eq!(range, ByteRange::Partial { first, last }, "{header}");
            assert_eq!(range.content_range(2048), Some(format!("bytes {first}-{last}/2048")));
            assert_eq!(range.body_length(2048), last - first + 1);
        }
        for header in
            ["bytes=500-0", "bytes=5000-10000", "bytes=2048-", "bytes=-0", "bytes=99999999999999999999-"]
        {
            let range = ByteRange::parse(Some(header), 2048);
            assert_eq!(range, ByteRange::Unsatisfiable, "{header}");
            assert_eq!(range.content_range(2048).as_deref(), Some("bytes */2048"));
        }
    }

    #[test]
    fn otherwise_it_is_everything() {
        let headers = [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=1",
            "bytes=0-1,5-6",
            "lines=0-1",
            "bytes=+0-1",
            "bytes=0-1-2",
        ];
        for header in headers.map(Some).into_iter().chain([None]) {
            assert_eq!(ByteRange::parse(header, 2048), ByteRange::Full, "{header:?}");
        }
        assert_eq!(ByteRange::parse(Some("bytes=-5"), 0), ByteRange::Full);
        assert_eq!(ByteRange::parse(Some("bytes=0-"), 0), ByteRange::Unsatisfiable);
        assert_eq!(ByteRange::Full.content_range(1), None);
    }
}
