//! From HTML to what is read aloud, for search.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;

/// Elements after which a new line begins.
const BREAKS: [&str; 8] = ["<br", "</p", "</li", "</pre", "</blockquote", "</ul", "</ol", "<p"];

static NOTHING: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder.clean_content_tags(HashSet::from(["script", "style"]));
    builder
});

/// The text of HTML that [`super::sanitize`] made: no elements, no entities, one line for each paragraph.
#[must_use]
pub fn to_plain(html: &str) -> String {
    let mut broken = String::with_capacity(html.len() + 16);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        broken.push_str(before);
        if BREAKS.iter().any(|name| is_tag(tag, name)) {
            broken.push('\n');
        }
        broken.push('<');
        rest = &tag[1..];
    }
    broken.push_str(rest);
    let text = decode(&NOTHING.clean(&broken).to_string());
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn is_tag(text: &str, name: &str) -> bool {
    let start = text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    start && !text[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// The entities that a serializer of HTML writes; there are no others left.
fn decode(text: &str) -> String {
    const ENTITIES: [(&str, &str); 4] = [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        let (entity, meaning) = entity.copied().unwrap_or(("&", "&"));
        out.push_str(meaning);
        rest = &rest[entity.len()..];
    }
    out.push_str(rest);
    out
}
