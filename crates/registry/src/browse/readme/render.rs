//! From Markdown to HTML.
//!
//! Whatever somebody wrote, including HTML, what comes out is made of an allow-list of elements and attributes: no scripts, no
//! styles, no forms, no frames, no identifiers, and links that lead to the web or to mail only.

use std::collections::HashSet;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
use url::Url;

use super::Base;

/// How deep elements of Markdown may be in each other, and how many tags of HTML there may be in it: to put them in order takes longer than
/// their number grows.
const MAX_DEPTH: usize = 64;
const MAX_TAGS: usize = 2_000;

/// What is harmless. Takes a moment for a long text, so not where others wait.
pub(in crate::browse) fn render(markdown: &str, base: Option<&Base>) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let (mut depth, mut tags) = (0_usize, 0_usize);
    let mut events = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Html(html) | Event::InlineHtml(html) => tags += html.matches('<').count(),
            _ => {}
        }
        if depth > MAX_DEPTH || tags > MAX_TAGS {
            return plain(markdown);
        }
        events.push(resolved(event, base));
    }
    let mut page = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut page, events.into_iter());
    clean(&page, base)
}

/// A text that is too odd to be laid out.
fn plain(text: &str) -> String {
    format!("<pre>{}</pre>", ammonia::clean_text(text))
}

/// A picture with its whole address: it may be relative to something else than links are.
fn resolved<'e>(event: Event<'e>, base: Option<&Base>) -> Event<'e> {
    let Some(base) = base else { return event };
    match event {
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let whole = base.pictures.join(&dest_url).map(Url::into);
            let dest_url = whole.map_or(dest_url, |whole: String| whole.into());
            Event::Start(Tag::Image { link_type, dest_url, title, id })
        }
        Event::End(TagEnd::Image) => Event::End(TagEnd::Image),
        event => event,
    }
}

fn clean(page: &str, base: Option<&Base>) -> String {
    let mut builder = Builder::default();
    builder
        .url_schemes(HashSet::from(["https", "http", "mailto"]))
        .url_relative(match base {
            Some(base) => UrlRelative::RewriteWithBase(base.links.clone()),
            None => UrlRelative::Deny,
        })
        .link_rel(Some("nofollow noopener noreferrer ugc"))
        .add_tags(["input"])
        .add_tag_attributes("input", ["checked"])
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "");
    builder.clean(page).to_string()
}

#[cfg(test)]
mod tests;
