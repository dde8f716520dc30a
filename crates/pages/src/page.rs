//! A page as bytes, with what browsers are told about it.

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64;

use crate::Text;

/// Ends with its last rule: a line break more would be another hash.
const STYLE: &str = include_str!("style.css");

/// A page. It is for whoever asked and for nobody's index, unless it says that it is [public](Page::public).
pub struct Page<'p> {
    status: StatusCode,
    title: &'p str,
    head: &'p str,
    content: &'p str,
    forms_end_at: &'p [&'p str],
    caching: &'static str,
}

impl<'p> Page<'p> {
    /// One with this title, which is text, and this content, which is HTML already.
    #[must_use]
    pub const fn new(status: StatusCode, title: &'p str, content: &'p str) -> Self {
        let head = "<meta name=\"robots\" content=\"noindex\">\n";
        Self { status, title, head, content, forms_end_at: &[], caching: "no-store" }
    }

    /// It is the same for everybody, kept for a minute, and has this in its head, which is HTML already.
    #[must_use]
    pub const fn public(self, head: &'p str) -> Self {
        Self { head, caching: "public, max-age=60", ..self }
    }

    /// Its forms may lead away to these sources of a content security policy, such as `https:`: browsers hold redirects that follow a form
    /// to the policy, too.
    #[must_use]
    pub const fn with_forms_that_end_at(self, sources: &'p [&'p str]) -> Self {
        Self { forms_end_at: sources, ..self }
    }

    fn html(&self) -> String {
        let Self { head, content, .. } = self;
        let title = Text(self.title);
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             {head}<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
             <body>\n<main>\n<h1>{title}</h1>\n{content}\n</main>\n</body>\n</html>\n"
        )
    }

    fn policy(&self) -> String {
        let hash = BASE64.encode(digest(&SHA256, STYLE.as_bytes()).as_ref());
        let away = self.forms_end_at.iter().fold(String::new(), |list, source| list + " " + source);
        format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'self'{away}; \
             frame-ancestors 'none'"
        )
    }
}

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_SECURITY_POLICY, self.policy()),
            (X_FRAME_OPTIONS, "DENY".to_owned()),
            (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            // Nothing of the address goes to others; our own server is told where a form came from.
            (REFERRER_POLICY, "same-origin".to_owned()),
            (CACHE_CONTROL, self.caching.to_owned()),
        ];
        (self.status, headers, Html(self.html())).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_run_nothing_in_it() {
        assert!(!STYLE.contains('<'), "the style cannot end its element");
        let page = Page::new(StatusCode::OK, "<b>", "<p>hi</p>").with_forms_that_end_at(&["tusky:"]);
        assert!(page.policy().contains("default-src 'none';"));
        assert!(page.policy().contains("form-action 'self' tusky:;"));
        assert!(page.html().contains("<title>&lt;b&gt;</title>"));
        let response = page.into_response();
        assert_eq!(response.headers()[X_FRAME_OPTIONS], "DENY");
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    }

    #[test]
    fn what_is_the_same_for_everybody_may_be_kept_and_found() {
        let page = Page::new(StatusCode::OK, "t", "").public("<meta name=\"a\">\n");
        assert!(page.html().contains("<meta name=\"a\">") && !page.html().contains("noindex"));
        assert_eq!(page.into_response().headers()[CACHE_CONTROL], "public, max-age=60");
    }
}
