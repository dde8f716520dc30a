//! To whom something is addressed.

use serde_json::Value;

use crate::Address;

use super::{NAMESPACE, Node, ObjectError};

/// Addresses in `to` and `cc` together.
const MAX_RECIPIENTS: usize = 2_000;

/// `to` and `cc`, without the public.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// Whether everybody is in `to`.
    pub public: bool,
    /// Whether everybody is in `cc`.
    pub unlisted: bool,
    /// Everybody else in `to`.
    pub to: Vec<Address>,
    /// Everybody else in `cc`.
    pub cc: Vec<Address>,
}

/// Who may see something (spec/social.md §4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Everybody, and it is listed.
    Public,
    /// Everybody who has the address.
    Unlisted,
    /// Who follows the author.
    Followers,
    /// Who is mentioned.
    Private,
}

/// Whether this is one of the three names of everybody.
#[must_use]
pub fn is_public(text: &str) -> bool {
    matches!(text, "as:Public" | "Public") || text.strip_prefix(NAMESPACE) == Some("Public")
}

impl Audience {
    /// Reads it. What is no address is left out; too many are refused, because whoever is left out changes the meaning.
    pub fn read(node: Node<'_>) -> Result<Self, ObjectError> {
        let (public, to) = recipients(node, "to")?;
        let (unlisted, cc) = recipients(node, "cc")?;
        Ok(Self { public, unlisted, to, cc })
    }

    /// Who may see it, if the author's followers are `followers`: exactly theirs, as the author's own document names them.
    #[must_use]
    pub fn visibility(&self, followers: Option<&Address>) -> Visibility {
        if self.public {
            Visibility::Public
        } else if self.unlisted {
            Visibility::Unlisted
        } else if followers.is_some_and(|followers| self.names(followers)) {
            Visibility::Followers
        } else {
            Visibility::Private
        }
    }

    /// Whether `address` is among them.
    #[must_use]
    pub fn names(&self, address: &Address) -> bool {
        self.to.iter().chain(&self.cc).any(|recipient| recipient == address)
    }
}

fn recipients(node: Node<'_>, name: &'static str) -> Result<(bool, Vec<Address>), ObjectError> {
    let (mut public, mut others) = (false, Vec::new());
    for value in node.values(name) {
        let text = value.as_str().or_else(|| value.get("id").and_then(Value::as_str)).unwrap_or_default();
        if is_public(text) {
            public = true;
        } else if let Ok(address) = Address::parse(text) {
            if others.len() == MAX_RECIPIENTS {
                return Err(ObjectError::TooMany(name));
            }
            others.push(address);
        }
    }
    Ok((public, others))
}
