//! What texts a setting takes.

use atproto::Nsid;
use url::Url;

/// Longest value of a setting that people write, in bytes.
const MAX_BYTES: usize = 2048;

/// The type of a setting. Every value is stored and sent as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Any line of text.
    Text,
    /// An absolute `http` or `https` URL.
    Link,
    /// `true` or `false`.
    Flag,
    /// `false`: the flag of a feature that this server does not have, named here.
    Absent(&'static str),
    /// A whole number in a range, both ends included.
    Count(u32, u32),
    /// NSIDs of collections, commas between them.
    Collections,
    /// One of these words.
    Word(&'static [&'static str]),
}

impl Takes {
    /// Nothing, or what is wrong with the text.
    pub(super) fn problem(self, text: &str) -> Option<String> {
        if text.len() > MAX_BYTES {
            return Some(format!("the value is longer than {MAX_BYTES} bytes"));
        }
        let fits = match self {
            Self::Text => !text.is_empty() && !text.chars().any(char::is_control),
            Self::Link => Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https")),
            Self::Flag => matches!(text, "true" | "false"),
            Self::Absent(_) => text == "false",
            Self::Count(least, most) => text.parse().is_ok_and(|count| (least..=most).contains(&count)),
            Self::Collections => text.split(',').all(|nsid| Nsid::parse(nsid.trim()).is_ok()),
            Self::Word(words) => words.contains(&text),
        };
        (!fits).then(|| format!("the value must be {}", self.expected()))
    }

    fn expected(self) -> String {
        match self {
            Self::Text => "a line of text".to_owned(),
            Self::Link => "an absolute http or https URL".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Absent(feature) => format!("false: {feature} are not part of this server"),
            Self::Count(least, most) => format!("a whole number from {least} to {most}"),
            Self::Collections => "NSIDs of collections with commas between them".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
        }
    }
}
