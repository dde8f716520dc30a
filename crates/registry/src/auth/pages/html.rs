//! Pages as bytes: what strangers wrote is escaped, and nothing but our own style may run in them.

use std::fmt::{self, Write as _};

use aws_lc_rs::digest::{SHA256, digest};
use axum::response::{Html, IntoResponse, Response};
use data_encoding::BASE64;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};

/// Ends with its last rule: a line break more would be another hash.
const STYLE: &str = include_str!("style.css");

/// Text as it stands in a page, also inside quotes.
pub(crate) struct Text<'t>(pub(crate) &'t str);

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

/// Something went wrong; nothing if nothing did.
pub(super) fn alarm(text: Option<&str>) -> String {
    text.map(|text| format!("<p class=\"alarm\" role=\"alert\">{}</p>", Text(text))).unwrap_or_default()
}

/// A page with this content, which is HTML already. `leads_away` if one of its forms ends at another server.
pub(super) fn page(status: StatusCode, title: &str, content: &str, leads_away: bool) -> Response {
    let html = document(title, "<meta name=\"robots\" content=\"noindex\">\n", content);
    labelled(status, html, leads_away, "no-store")
}

/// A page that is the same for everybody, with more in its head, which is HTML already.
pub(crate) fn public_page(status: StatusCode, title: &str, head: &str, content: &str) -> Response {
    labelled(status, document(title, head, content), false, "public, max-age=60")
}

fn document(title: &str, head: &str, content: &str) -> String {
    let title = Text(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         {head}<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n{content}\n</main>\n</body>\n</html>\n"
    )
}

fn labelled(status: StatusCode, html: String, leads_away: bool, cache: &'static str) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, policy(leads_away)),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
        (CACHE_CONTROL, cache.to_owned()),
    ];
    (status, headers, Html(html)).into_response()
}

fn policy(leads_away: bool) -> String {
    let hash = BASE64.encode(digest(&SHA256, STYLE.as_bytes()).as_ref());
    // Browsers hold redirects that follow a form to this, too.
    let forms = if leads_away { "'self' https: http:" } else { "'self'" };
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_its_place() {
        let text = Text("\"><script>alert('1')</script>&amp;").to_string();
        assert_eq!(text, "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;");
        assert!(!STYLE.contains('<'), "the style cannot end its element");
    }
}
