//! The HTML of others, of which only what is harmless stays.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

/// Characters that are read.
const MAX_CHARACTERS: usize = 5_000;

/// Elements in a text: to put them in order takes longer than their number grows.
const MAX_TAGS: usize = 1_000;

const TAGS: [&str; 16] =
    ["p", "br", "span", "a", "del", "s", "pre", "code", "em", "strong", "b", "i", "u", "ul", "ol", "li"];
const CLASSES: [&str; 6] = ["mention", "hashtag", "u-url", "h-card", "ellipsis", "invisible"];

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.into_iter().chain(["blockquote"]).collect())
        .clean_content_tags(HashSet::from([
            "script", "style", "template", "noscript", "iframe", "title", "textarea",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "class"])),
            ("span", HashSet::from(["class"])),
        ]))
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(|_, attribute, value| {
            if attribute != "class" {
                return Some(Cow::Borrowed(value));
            }
            let kept: Vec<&str> =
                value.split_ascii_whitespace().filter(|class| CLASSES.contains(class)).collect();
            (!kept.is_empty()).then(|| Cow::Owned(kept.join(" ")))
        });
    builder
});

/// At most the first 5,000 characters of `html`, with only what spec/social.md §4.6 allows. The result is still somebody else's: show it
/// where scripts may not run.
#[must_use]
pub fn sanitize(html: &str) -> String {
    let end = html.char_indices().nth(MAX_CHARACTERS).map_or(html.len(), |(at, _)| at);
    let html = &html[..end];
    if html.matches('<').count() > MAX_TAGS {
        return ammonia::clean_text(html);
    }
    BUILDER.clean(&headings(html)).to_string()
}

/// Headings are strong text: nobody's note has chapters of the page that it is shown on.
fn headings(html: &str) -> Cow<'_, str> {
    let is_heading = |rest: &str| {
        let bytes = rest.trim_start_matches('/').as_bytes();
        matches!(bytes, [b'h' | b'H', b'1'..=b'6', after, ..] if !after.is_ascii_alphanumeric())
    };
    if !html.match_indices('<').any(|(at, _)| is_heading(&html[at + 1..])) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at + 1);
        out.push_str(before);
        rest = tag;
        if is_heading(tag) {
            let slash = usize::from(tag.starts_with('/'));
            out.push_str(&tag[..slash]);
            out.push_str("strong");
            rest = &tag[slash + 2..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}
