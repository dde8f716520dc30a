//! From a plain text to HTML.

use std::fmt::Write as _;

use super::{Segment, Target, scan};

/// A paragraph for each line that is not empty. Addresses are links; mentions and hashtags are if `targets` says where they lead.
#[must_use]
pub fn render(text: &str, targets: &[Target<'_>]) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        html.push_str("<p>");
        for segment in scan(line.trim_end()) {
            push(&mut html, segment, targets);
        }
        html.push_str("</p>");
    }
    html
}

/// The value of a field of a profile: its addresses are links to the same person.
#[must_use]
pub fn render_field(text: &str) -> String {
    let mut html = String::new();
    for segment in scan(text) {
        match segment {
            Segment::Url(url) => link(&mut html, url, "me nofollow noopener"),
            other => push(&mut html, other, &[]),
        }
    }
    html
}

fn push(html: &mut String, segment: Segment<'_>, targets: &[Target<'_>]) {
    // Writing to a string does not fail.
    let _ = match segment {
        Segment::Text(text) => {
            escape(html, text);
            Ok(())
        }
        Segment::Url(url) => {
            link(html, url, "nofollow noopener");
            Ok(())
        }
        Segment::Hashtag(name) => match topic(targets, name) {
            Some(href) => {
                html.push_str("<a href=\"");
                escape(html, href);
                write!(html, "\" class=\"mention hashtag\" rel=\"tag\">#<span>{name}</span></a>")
            }
            None => write!(html, "#{name}"),
        },
        Segment::Mention { user, host } => match person(targets, user, host) {
            Some(url) => {
                html.push_str("<span class=\"h-card\"><a href=\"");
                escape(html, url);
                write!(html, "\" class=\"u-url mention\">@<span>{user}</span></a></span>")
            }
            None => match host {
                Some(host) => write!(html, "@{user}@{host}"),
                None => write!(html, "@{user}"),
            },
        },
    };
}

fn topic<'t>(targets: &[Target<'t>], written: &str) -> Option<&'t str> {
    let lower = written.to_lowercase();
    targets.iter().find_map(|target| match target {
        Target::Hashtag { name, href } if *name == lower => Some(*href),
        _ => None,
    })
}

fn person<'t>(targets: &[Target<'t>], user: &str, host: Option<&str>) -> Option<&'t str> {
    targets.iter().find_map(|target| match target {
        Target::Mention { user: known, host: at, url, .. } => {
            let same_host = match (at, host) {
                (Some(at), Some(host)) => at.eq_ignore_ascii_case(host),
                (None, None) => true,
                _ => false,
            };
            (known.eq_ignore_ascii_case(user) && same_host).then_some(*url)
        }
        Target::Hashtag { .. } => None,
    })
}

fn link(html: &mut String, url: &str, rel: &str) {
    html.push_str("<a href=\"");
    escape(html, url);
    html.push_str("\" rel=\"");
    html.push_str(rel);
    html.push_str("\">");
    escape(html, url);
    html.push_str("</a>");
}

fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\0' => html.push('\u{fffd}'),
            c => html.push(c),
        }
    }
}
