//! The files that are part of the program.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// A file with its compressed copies.
pub(crate) struct File {
    /// Its path below the folder, with slashes.
    pub(crate) name: &'static str,
    pub(crate) plain: &'static [u8],
    pub(crate) brotli: Option<&'static [u8]>,
    pub(crate) gzip: Option<&'static [u8]>,
}

/// All of them, by name; none if the program was built without.
const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The page that starts the app.
pub(crate) const INDEX: &str = "index.html";

impl File {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        FILES.binary_search_by(|file| file.name.cmp(name)).ok().and_then(|at| FILES.get(at))
    }

    /// The smallest form that a client takes, and what it is called.
    pub(crate) fn for_client(&self, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
        let copies = [("br", self.brotli), ("gzip", self.gzip)];
        let taken =
            copies.into_iter().find_map(|(name, copy)| Some((copy?, name)).filter(|_| takes(headers, name)));
        taken.map_or((self.plain, None), |(copy, name)| (copy, Some(name)))
    }

    /// By the end of its name.
    pub(crate) fn content_type(&self) -> &'static str {
        match self.name.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "woff2" => "font/woff2",
            "json" | "webmanifest" => "application/json",
            "html" => "text/html; charset=utf-8",
            _ => "application/octet-stream",
        }
    }
}

/// Whether a client names a coding and does not refuse it (RFC 9110 §12.5.3).
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0)));
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const FILE: File = File { name: "a.js", plain: b"plain", brotli: Some(b"br"), gzip: Some(b"gz") };

    #[test]
    fn a_client_gets_the_smallest_form_it_takes() {
        for (accepted, expected) in [
            ("", (&b"plain"[..], None)),
            ("identity", (b"plain", None)),
            ("gzip, deflate, br, zstd", (b"br", Some("br"))),
            ("gzip;q=1.0, br;q=0", (b"gz", Some("gzip"))),
            ("GZIP", (b"gz", Some("gzip"))),
            ("brr", (b"plain", None)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(FILE.for_client(&headers), expected, "{accepted}");
        }
        let bare = File { brotli: None, gzip: None, ..FILE };
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("br, gzip"));
        assert_eq!(bare.for_client(&headers), (&b"plain"[..], None));
    }

    #[test]
    fn files_are_in_order_so_that_they_are_found() {
        assert!(FILES.is_sorted_by(|one, other| one.name < other.name));
        assert!(FILES.iter().all(|file| File::named(file.name).is_some()));
        assert!(File::named("nothing").is_none());
    }
}
