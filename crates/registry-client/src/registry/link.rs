//! Where a list goes on (`Link`; RFC 8288, section 3).

/// Where the first link of the relation `next` leads, as it is written there.
pub(crate) fn next(header: &str) -> Option<&str> {
    let mut rest = header;
    loop {
        let link = rest.trim_start_matches([',', ' ', '\t']).strip_prefix('<')?;
        let (target, after) = link.split_once('>')?;
        let (parameters, following) = cut(after, ',');
        if is_next(parameters) {
            return Some(target);
        }
        rest = following;
    }
}

/// Whether one of the relations that these parameters name is `next`.
fn is_next(mut parameters: &str) -> bool {
    while !parameters.is_empty() {
        let (parameter, following) = cut(parameters, ';');
        if let Some((name, relations)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("rel")
        {
            let mut relations = relations.trim().trim_matches('"').split(' ');
            return relations.any(|relation| relation.eq_ignore_ascii_case("next"));
        }
        parameters = following;
    }
    false
}

/// What stands before and behind the first of these characters that is in no quotes.
fn cut(text: &str, character: char) -> (&str, &str) {
    let (mut quoted, mut escaped) = (false, false);
    let found = text.find(|c| {
        let was_escaped = escaped;
        escaped = quoted && !was_escaped && c == '\\';
        quoted ^= c == '"' && !was_escaped;
        c == character && !quoted
    });
    found.map_or((text, ""), |at| (&text[..at], &text[at + character.len_utf8()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_where_it_is_said_to_be() {
        for (link, to) in [
            ("</v2/a/tags/list?n=1&last=b>; rel=\"next\"", Some("/v2/a/tags/list?n=1&last=b")),
            ("<x>;rel=next", Some("x")),
            ("<x> ; title=\"a, b; c\" ; Rel=\"last Next\"", Some("x")),
            ("<x>; rel=\"prev\", <y>; rel=\"next\"", Some("y")),
            ("<x>; rel=prev , <y,z>;rel=next,<w>", Some("y,z")),
            ("<x>; title=\"\\\",<y>;rel=next\"; rel=prev, <z>; rel=next", Some("z")),
            ("<x>; rel=\"prev\"", None),
            ("<x>; rel=nextish", None),
            ("<x>; title=\"rel=next\"", None),
            ("<x>, rel=next", None),
            ("x", None),
            ("<x", None),
            ("", None),
        ] {
            assert_eq!(next(link), to, "{link}");
        }
    }
}
