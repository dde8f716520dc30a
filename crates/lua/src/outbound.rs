//! Which methods of others a script calls, as far as its text tells.

/// The strings that are literal first arguments of `xrpc.query` and `xrpc.procedure`, each once, in order, if they look like
/// NSIDs.
pub(crate) fn calls(source: &str) -> Vec<String> {
    let tokens: Vec<Token<'_>> = Tokens { rest: source }.collect();
    let mut found: Vec<String> = Vec::new();
    for (place, window) in tokens.windows(4).enumerate() {
        let [Token::Name("xrpc"), Token::Mark('.'), Token::Name("query" | "procedure"), argument] = window
        else {
            continue;
        };
        let is_field = place > 0 && matches!(tokens[place - 1], Token::Mark('.' | ':'));
        let argument = match argument {
            Token::Mark('(') => tokens.get(place + 4),
            argument => Some(argument),
        };
        if let (false, Some(Token::Text(nsid))) = (is_field, argument)
            && atproto::Nsid::parse(nsid).is_ok()
            && !found.iter().any(|known| known == nsid)
        {
            found.push((*nsid).to_owned());
        }
    }
    found
}

#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    Name(&'a str),
    /// Without quotes, and as it is written: NSIDs have no escapes.
    Text(&'a str),
    Mark(char),
}

/// The tokens of Lua, as coarsely as is enough to tell code from strings and comments.
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    /// `[[text]]` or `[==[text]==]`, if there is one here.
    fn long_text(&mut self) -> Option<&'a str> {
        let inner = self.rest.strip_prefix('[')?;
        let level = inner.bytes().take_while(|byte| *byte == b'=').count();
        let inner = inner[level..].strip_prefix('[')?;
        let close = format!("]{}]", "=".repeat(level));
        let (text, rest) = inner.split_once(&close).unwrap_or((inner, ""));
        self.rest = rest;
        Some(text)
    }

    fn short_text(&mut self, quote: char) -> &'a str {
        let mut escaped = false;
        let end = self.rest[1..].find(|c: char| {
            let ends = !escaped && (c == quote || c == '\n');
            escaped = !escaped && c == '\\';
            ends
        });
        let text = self.take(end.map_or(self.rest.len(), |end| end + 1));
        if self.rest.starts_with(quote) {
            self.take(1);
        }
        &text[1..]
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.rest = self.rest.trim_start();
            let first = self.rest.chars().next()?;
            if self.rest.starts_with("--") {
                self.take(2);
                if self.long_text().is_none() {
                    self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
                }
            } else if first == '"' || first == '\'' {
                return Some(Token::Text(self.short_text(first)));
            } else if let Some(text) = self.long_text() {
                return Some(Token::Text(text));
            } else if first.is_ascii_alphanumeric() || first == '_' {
                let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                return Some(Token::Name(self.take(end.unwrap_or(self.rest.len()))));
            } else {
                self.take(first.len_utf8());
                return Some(Token::Mark(first));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_first_arguments_are_found_once_each() {
        let source = r#"
            xrpc.query("com.example.one", { x = 1 })
            xrpc . procedure ( -- a comment
              'com.example.two' )
            xrpc.query("com.example.one")
            xrpc.query"com.example.three"
            xrpc.query[==[com.example.four]==]
        "#;
        assert_eq!(
            calls(source),
            ["com.example.one", "com.example.two", "com.example.three", "com.example.four"]
        );
    }

    #[test]
    fn what_is_not_such_a_call_is_not() {
        let source = r#"
            -- xrpc.query("com.example.comment")
            --[[ xrpc.query("com.example.long") ]]
            local s = "xrpc.query('com.example.string')" .. 'it\'s xrpc.query("com.example.escaped")'
            xrpc.query(name)
            xrpc.other("com.example.other")
            my.xrpc.query("com.example.field")
            xrpc.query("not an nsid")
            local unfinished = "xrpc.query(
        "#;
        assert_eq!(calls(source), Vec::<String>::new());
        assert_eq!(calls(r#"[[xrpc.query("com.example.open")"#), Vec::<String>::new());
    }
}
