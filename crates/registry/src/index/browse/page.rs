//! From what an owner writes about a repository to rows.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use records::Effect;
use store::{Conn, v};

use super::Changed;
use crate::lexicon::PageRecord;

/// Bytes of an excerpt.
const MAX_EXCERPT: usize = 300;

/// Bytes of a description that an excerpt is looked for in.
const LOOKED_AT: usize = 8 << 10;

/// What is no page has no row.
pub(in crate::index) fn page(
    conn: &mut Conn<'_>,
    effect: &Effect<'_>,
    changed: &mut Changed,
) -> Result<(), store::Error> {
    if let Some(before) = effect.before {
        conn.execute("DELETE FROM registry_pages WHERE record_id = $1", &[v(effect.record_id)])?;
        changed.note(effect.did, PageRecord::parse(before).map(|record| record.repository));
    }
    let Some(page) = effect.after.and_then(PageRecord::parse) else { return Ok(()) };
    let excerpt = page.description.as_deref().and_then(excerpt);
    let avatar = page.avatar.map(|cid| cid.to_string());
    conn.execute(
        "INSERT INTO registry_pages
            (record_id, did, repository, rkey, description, excerpt, avatar, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            v(effect.record_id),
            v(effect.did),
            v(&page.repository),
            v(effect.rkey),
            v(page.description.as_deref()),
            v(excerpt.as_deref()),
            v(avatar.as_deref()),
            v(page.updated_at),
        ],
    )?;
    changed.note(effect.did, Some(page.repository));
    Ok(())
}

/// The first paragraph that says something, without its form.
fn excerpt(markdown: &str) -> Option<String> {
    let looked_at = &markdown[..markdown.floor_char_boundary(LOOKED_AT)];
    let (mut text, mut is_inside) = (String::new(), false);
    for event in Parser::new(looked_at) {
        match event {
            Event::Start(Tag::Paragraph) => is_inside = true,
            Event::End(TagEnd::Paragraph) if !text.trim().is_empty() => break,
            Event::Text(piece) | Event::Code(piece) if is_inside => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak if is_inside => text.push(' '),
            _ => {}
        }
    }
    let text = text.trim();
    let end = text.floor_char_boundary(MAX_EXCERPT);
    let cut = if end < text.len() { "…" } else { "" };
    (!text.is_empty()).then(|| format!("{}{cut}", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_paragraph_says_what_it_is() {
        assert_eq!(
            excerpt("# App\n\n[![b](x)](y)\n\nAn *app* of `mine`,\nfor you.\n\nMore."),
            Some("b".to_owned())
        );
        assert_eq!(
            excerpt("# App\n\nAn *app* of `mine`,\nfor you.\n\nMore.").unwrap(),
            "An app of mine, for you."
        );
        assert_eq!(excerpt("<script>alert(1)</script>\n\n# App"), None);
        assert!(excerpt(&"ä".repeat(100_000)).unwrap().len() < MAX_EXCERPT + 4);
    }
}
