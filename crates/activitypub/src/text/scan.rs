//! What is in a plain text.

/// Characters of a hashtag; hashtags and mentions of a text.
const MAX_HASHTAG: usize = 50;
const MAX_HASHTAGS: usize = 30;
const MAX_MENTIONS: usize = 20;

/// Bytes of a mention and of an address.
const MAX_MENTION: usize = 320;
const MAX_URL: usize = 2_048;

/// A piece of a text; all pieces together are the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'t> {
    /// Nothing special.
    Text(&'t str),
    /// An `http` or `https` address.
    Url(&'t str),
    /// `#name`, without the sign, as it is written.
    Hashtag(&'t str),
    /// `@user` or `@user@host`.
    Mention {
        /// Who.
        user: &'t str,
        /// Where, with a port if there is one.
        host: Option<&'t str>,
    },
}

/// Takes a text to pieces. Signs inside of a word or an address mean nothing; neither do those after the thirtieth hashtag and the
/// twentieth mention.
#[must_use]
pub fn scan(text: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let (mut plain, mut at) = (0, 0);
    let (mut hashtags, mut mentions) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let in_word = before.is_some_and(|before| is_word(before) || matches!(before, '/' | '&' | '@' | '#'));
        // One hashtag may follow another at once.
        let is_next = c == '#' && plain == at && matches!(segments.last(), Some(Segment::Hashtag(_)));
        let found = match c {
            _ if in_word && !is_next => None,
            '#' if hashtags < MAX_HASHTAGS => hashtag(&text[at..]),
            '@' if mentions < MAX_MENTIONS => mention(&text[at..]),
            'h' | 'H' => url(&text[at..]),
            _ => None,
        };
        let Some((segment, len)) = found else {
            at += c.len_utf8();
            continue;
        };
        hashtags += usize::from(matches!(segment, Segment::Hashtag(_)));
        mentions += usize::from(matches!(segment, Segment::Mention { .. }));
        if plain < at {
            segments.push(Segment::Text(&text[plain..at]));
        }
        segments.push(segment);
        at += len;
        plain = at;
    }
    if plain < text.len() {
        segments.push(Segment::Text(&text[plain..]));
    }
    segments
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn end(text: &str, inside: impl Fn(char) -> bool) -> usize {
    text.find(|c| !inside(c)).unwrap_or(text.len())
}

fn hashtag(text: &str) -> Option<(Segment<'_>, usize)> {
    let name = &text[1..];
    let name = &name[..end(name, is_word)];
    let fine = name.starts_with(char::is_alphanumeric) && name.chars().count() <= MAX_HASHTAG;
    fine.then_some((Segment::Hashtag(name), name.len() + 1))
}

fn mention(text: &str) -> Option<(Segment<'_>, usize)> {
    let rest = &text[1..];
    let user = &rest[..end(rest, |c| is_word(c) || matches!(c, '-' | '.'))];
    let after = &rest[user.len()..];
    let host = after.strip_prefix('@').map(|host| {
        let host = &host[..end(host, |c| c.is_alphanumeric() || matches!(c, '-' | '.' | ':'))];
        host.trim_end_matches(['.', ':', '-'])
    });
    match host {
        Some(host) if !host.is_empty() && fits(user) => {
            let len = user.len() + host.len() + 2;
            (len <= MAX_MENTION).then_some((Segment::Mention { user, host: Some(host) }, len))
        }
        _ => {
            let user = user.trim_end_matches(['.', '-']);
            fits(user).then_some((Segment::Mention { user, host: None }, user.len() + 1))
        }
    }
}

fn fits(user: &str) -> bool {
    (1..=255).contains(&user.len()) && user.starts_with(is_word)
}

fn url(text: &str) -> Option<(Segment<'_>, usize)> {
    let scheme = ["https://", "http://"]
        .iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
    let inside =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '`' | '\\');
    let mut whole = &text[..end(text, inside)];
    if whole.len() > MAX_URL {
        return None;
    }
    // Marks at the end belong to the sentence, and so does a bracket that was opened before.
    while let Some(last) = whole.chars().next_back() {
        let unopened = last == ')' && whole.matches(')').count() > whole.matches('(').count();
        if !unopened && !matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | ']' | '}') {
            break;
        }
        whole = &whole[..whole.len() - last.len_utf8()];
    }
    let fine = whole.len() > scheme.len() && url::Url::parse(whole).is_ok();
    fine.then_some((Segment::Url(whole), whole.len()))
}
