//! What a server answers: a JSON Resource Descriptor.

use serde::{Deserialize, Serialize};

use crate::{Address, media_type};

use super::Handle;

/// Who somebody is and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jrd {
    /// The handle, as `acct:`, or what else was asked for.
    #[serde(default)]
    pub subject: String,
    /// Other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Where there is more.
    #[serde(default)]
    pub links: Vec<Link>,
}

/// One address and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What for.
    #[serde(default)]
    pub rel: String,
    /// The type of what is there.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// Where, with a place to fill in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JrdError {
    /// Not JSON of this shape, or too long.
    #[error("the answer is no JSON Resource Descriptor of at most 64 KiB")]
    Malformed,
    /// It leads to no actor.
    #[error("the answer has no link to an actor")]
    NoActor,
}

impl Jrd {
    /// Bytes of an answer that is read.
    pub const MAX_BYTES: usize = 64 * 1024;

    /// The answer about an actor of this server.
    #[must_use]
    pub fn of(handle: &Handle, actor: &Address, profile: &Address) -> Self {
        let link = |rel: &str, media_type: &str, address: &Address| Link {
            rel: rel.to_owned(),
            media_type: Some(media_type.to_owned()),
            href: Some(address.to_string()),
            template: None,
        };
        Self {
            subject: handle.account(),
            aliases: vec![actor.to_string()],
            links: vec![
                link("self", media_type::ACTIVITY, actor),
                link("http://webfinger.net/rel/profile-page", "text/html", profile),
            ],
        }
    }

    /// Reads another server's answer.
    pub fn parse(bytes: &[u8]) -> Result<Self, JrdError> {
        if bytes.len() > Self::MAX_BYTES {
            return Err(JrdError::Malformed);
        }
        serde_json::from_slice(bytes).map_err(|_| JrdError::Malformed)
    }

    /// The actor it leads to.
    pub fn actor(&self) -> Result<Address, JrdError> {
        let own = self.links.iter().filter(|link| link.rel == "self");
        let mut actors = own.filter(|link| link.media_type.as_deref().is_some_and(media_type::is_activity));
        let href = actors.find_map(|link| link.href.as_deref()).ok_or(JrdError::NoActor)?;
        Address::parse(href).map_err(|_| JrdError::NoActor)
    }

    /// Whose it says it is.
    #[must_use]
    pub fn handle(&self) -> Option<Handle> {
        self.subject.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("acct:"))?;
        Handle::parse(&self.subject).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_to_the_actor() {
        let actor = Address::parse("https://a.example/users/1").unwrap();
        let profile = Address::parse("https://a.example/@alice").unwrap();
        let handle = Handle::parse("alice@a.example").unwrap();
        let jrd = Jrd::of(&handle, &actor, &profile);
        let json = serde_json::to_string(&jrd).unwrap();
        assert_eq!(
            json,
            r#"{"subject":"acct:alice@a.example","aliases":["https://a.example/users/1"],"links":[{"rel":"self","type":"application/activity+json","href":"https://a.example/users/1"},{"rel":"http://webfinger.net/rel/profile-page","type":"text/html","href":"https://a.example/@alice"}]}"#
        );
        let read = Jrd::parse(json.as_bytes()).unwrap();
        assert_eq!((read.actor(), read.handle()), (Ok(actor), Some(handle)));
    }

    #[test]
    fn of_others_is_read_as_it_comes() {
        let upub = br#"{"links":[{"rel":"x"},{"rel":"self","type":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"https://b.example/u"}],"properties":{}}"#;
        assert_eq!(Jrd::parse(upub).unwrap().actor().unwrap().as_str(), "https://b.example/u");
        for none in [
            "{}",
            r#"{"links":[{"rel":"self","href":"https://b.example/u"}]}"#,
            r#"{"links":[{"rel":"self","type":"application/activity+json","href":"javascript:1"}]}"#,
        ] {
            assert_eq!(Jrd::parse(none.as_bytes()).unwrap().actor(), Err(JrdError::NoActor), "{none}");
        }
        for bad in ["", "1", r#"{"links":1}"#] {
            assert_eq!(Jrd::parse(bad.as_bytes()), Err(JrdError::Malformed), "{bad}");
        }
        assert_eq!(Jrd::parse(&vec![b' '; Jrd::MAX_BYTES + 1]), Err(JrdError::Malformed));
    }
}
