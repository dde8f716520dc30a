//! Names of servers in handles.

use url::Url;

/// The longest one, in bytes, with its port.
const MAX_BYTES: usize = 259;

/// A host as it is compared: lower case, in ASCII, with its port if it names one that is not `https`'s own. `None` for anything that is
/// none.
#[must_use]
pub fn normalized(text: &str) -> Option<String> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "/\\?#@%".contains(c);
    if text.is_empty() || text.len() > MAX_BYTES || text.contains(odd) || text.ends_with([':', '.']) {
        return None;
    }
    let url = Url::parse(&format!("https://{text}/")).ok()?;
    let host = url.host_str().filter(|host| !host.is_empty() && !host.ends_with('.'))?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_whichever_way_it_is_written() {
        for (text, host) in [
            ("A.Example", "a.example"),
            ("a.example:443", "a.example"),
            ("a.example:8080", "a.example:8080"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("127.0.0.1:3001", "127.0.0.1:3001"),
            ("[::1]:3001", "[::1]:3001"),
        ] {
            assert_eq!(normalized(text).as_deref(), Some(host));
        }
        for bad in [
            "",
            " ",
            "a b",
            "a/b",
            "a?b",
            "u@a",
            "a.example:",
            "a.example:x",
            "a.example:99999",
            "a.example.",
            "a%2eb",
        ] {
            assert_eq!(normalized(bad), None, "{bad}");
        }
    }
}
