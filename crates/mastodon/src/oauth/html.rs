//! Pages as bytes: what strangers wrote is escaped, nothing but our own style may run in them, and nobody may frame them.

use std::fmt::{self, Write as _};

use aws_lc_rs::digest::{SHA256, digest};
use axum::response::{Html, IntoResponse, Response};
use data_encoding::BASE64;
use http::StatusCode;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// That of the other pages on which people let something in. Ends with its last rule: a line break more would be another hash.
const STYLE: &str = include_str!("style.css");

/// Text as it stands in a page, also inside quotes.
pub(super) struct Text<'t>(pub(super) &'t str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// A page with this content, which is HTML already. Its form may end at an address with one of `schemes`.
pub(super) fn page(status: StatusCode, title: &str, content: &str, schemes: &[&str]) -> Response {
    let title = Text(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n{content}\n</main>\n</body>\n</html>\n"
    );
    let headers = [
        (CONTENT_SECURITY_POLICY, policy(schemes)),
        (X_FRAME_OPTIONS, "DENY".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        // Nothing of the address goes to others; our own server is told where a form came from.
        (REFERRER_POLICY, "same-origin".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (status, headers, Html(html)).into_response()
}

/// Browsers hold redirects that follow a form to `form-action`, too.
fn policy(schemes: &[&str]) -> String {
    let hash = BASE64.encode(digest(&SHA256, STYLE.as_bytes()).as_ref());
    let away: String = schemes.iter().fold(String::new(), |list, scheme| list + " " + scheme + ":");
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'self'{away}; \
         frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_its_place() {
        let text = Text("\"><script>alert('1')</script>&amp;").to_string();
        assert_eq!(text, "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;");
        assert!(policy(&["tusky"]).contains("form-action 'self' tusky:;"));
    }
}
