//! The page that starts the app.

use data_encoding::BASE64;

use crate::file::{File, INDEX};

/// Where the build names files of its own.
const HERE: &str = "\"./";

/// Where the page says which path is in front of all others.
const BASE: &str = "%BASE%";

/// Where the page says what makes an element of style one of ours.
const NONCE: &str = "%NONCE%";

/// What is shown by a program that was built without the app.
const MISSING: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Belvedere</title>\
    <p>This server was built without its web app. Build it with <code>make web</code>, which needs Node.js, and then the server \
    again. Everything else works: <a href=\"%BASE%/login\">sign in</a>, or use the <code>belvedere</code> command.</p></html>\n";

/// A page that names files as they are found from anywhere below its path.
#[derive(Clone)]
pub(crate) struct Page {
    html: String,
    /// Changes with the page.
    pub(crate) tag: String,
}

impl Page {
    /// For a server with this path in front of all others.
    pub(crate) fn new(base_path: &str) -> Self {
        let built = File::named(INDEX).and_then(|index| std::str::from_utf8(index.plain).ok());
        Self::of(built.unwrap_or(MISSING), base_path)
    }

    fn of(html: &str, base_path: &str) -> Self {
        let html = html.replace(HERE, &format!("\"{base_path}/dashboard/")).replace(BASE, base_path);
        let tag = format!("\"{:016x}\"", fingerprint(html.as_bytes()));
        Self { html, tag }
    }

    /// The page for one answer.
    pub(crate) fn with(&self, nonce: &str) -> String {
        self.html.replace(NONCE, nonce)
    }
}

/// Of 128 bits, which nobody guesses.
pub(crate) fn nonce() -> String {
    BASE64.encode(&rand::random::<[u8; 16]>())
}

/// FNV-1a: tells versions of our own page apart, and nobody gains by making two alike.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_finds_its_files_from_every_address() {
        let page =
            Page::of("<script src=\"./assets/a.js\"></script><meta content=\"%BASE% %NONCE%\">", "/view");
        assert_eq!(
            page.with("n"),
            "<script src=\"/view/dashboard/assets/a.js\"></script><meta content=\"/view n\">"
        );
        assert_ne!(page.tag, Page::of("another", "/view").tag);
        assert_ne!(nonce(), nonce());
        assert!(Page::of(MISSING, "/view").with("n").contains("href=\"/view/login\""));
    }
}
