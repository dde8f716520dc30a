//! What everything here is called in the fediverse (spec/social.md §4.1). The one place that builds and reads addresses.

use activitypub::webfinger::Handle;
use url::{Position, Url};

/// Builds addresses below the address of this server.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// Without a slash at the end.
    base: String,
    /// Host, and port if it is not the scheme's own.
    domain: String,
}

impl Addresses {
    /// Those of a server that is found at `base`.
    #[must_use]
    pub fn new(base: &Url) -> Self {
        Self {
            base: base.as_str().trim_end_matches('/').to_owned(),
            domain: base[Position::BeforeHost..Position::AfterPort].to_owned(),
        }
    }

    /// Where the server is found, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The part of handles after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Somebody at home here.
    #[must_use]
    pub fn actor(&self, uuid: &str) -> String {
        format!("{}/users/{uuid}", self.base)
    }

    /// The page about somebody at home here.
    #[must_use]
    pub fn profile(&self, username: &str) -> String {
        format!("{}/@{username}", self.base)
    }

    /// A part of somebody: `inbox`, `outbox`, `followers`, `following`, `featured`.
    #[must_use]
    pub fn of_actor(&self, uuid: &str, part: &str) -> String {
        format!("{}/users/{uuid}/{part}", self.base)
    }

    /// What somebody signs with.
    #[must_use]
    pub fn key(&self, uuid: &str) -> String {
        format!("{}/users/{uuid}#main-key", self.base)
    }

    /// The inbox of everybody here.
    #[must_use]
    pub fn shared_inbox(&self) -> String {
        format!("{}/inbox", self.base)
    }

    /// A thought that was written here.
    #[must_use]
    pub fn thought(&self, uuid: &str) -> String {
        format!("{}/thoughts/{uuid}", self.base)
    }

    /// The activity that made a thought.
    #[must_use]
    pub fn created(&self, uuid: &str) -> String {
        format!("{}/thoughts/{uuid}/activity", self.base)
    }

    /// The activity that changed a thought then; milliseconds since 1970.
    #[must_use]
    pub fn updated(&self, uuid: &str, millis: i64) -> String {
        format!("{}/thoughts/{uuid}#updates/{millis}", self.base)
    }

    /// The activity that took a thought away.
    #[must_use]
    pub fn deleted(&self, uuid: &str) -> String {
        format!("{}/thoughts/{uuid}#delete", self.base)
    }

    /// A like, a boost or a follow of somebody here: `kind` is `like`, `announce` or `follow`.
    #[must_use]
    pub fn activity_of(&self, kind: &str, uuid: &str) -> String {
        format!("{}/activities/{kind}/{uuid}", self.base)
    }

    /// Any other activity.
    #[must_use]
    pub fn activity(&self, uuid: &str) -> String {
        format!("{}/activities/{uuid}", self.base)
    }

    /// The page about a topic.
    #[must_use]
    pub fn tag(&self, name: &str) -> String {
        format!("{}/tags/{name}", self.base)
    }

    /// A picture that is kept here.
    #[must_use]
    pub fn media(&self, path: &str) -> String {
        format!("{}/media/{path}", self.base)
    }

    /// The address of a picture as rows of people have it: without that of this server if it is kept here.
    #[must_use]
    pub fn picture(&self, url: &str) -> String {
        if url.starts_with('/') { format!("{}{url}", self.base) } else { url.to_owned() }
    }

    /// Whether a handle is of somebody at home here.
    #[must_use]
    pub fn is_ours(&self, handle: &Handle) -> bool {
        handle.host() == self.domain
    }

    /// The uuid of the thought at an address, if that is one of this server.
    #[must_use]
    pub fn thought_at<'a>(&self, address: &'a str) -> Option<&'a str> {
        self.below("/thoughts/", address)
    }

    /// The uuid of the actor at an address, if that is one of this server.
    #[must_use]
    pub fn actor_at<'a>(&self, address: &'a str) -> Option<&'a str> {
        self.below("/users/", address)
    }

    fn below<'a>(&self, prefix: &str, address: &'a str) -> Option<&'a str> {
        let uuid = address.strip_prefix(&self.base)?.strip_prefix(prefix)?;
        (!uuid.is_empty() && !uuid.contains(['/', '#', '?'])).then_some(uuid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_builds_and_nothing_else() {
        let ours = Addresses::new(&Url::parse("http://127.0.0.1:8080/").unwrap());
        assert_eq!((ours.base(), ours.domain()), ("http://127.0.0.1:8080", "127.0.0.1:8080"));
        assert_eq!(ours.thought_at(&ours.thought("u")), Some("u"));
        assert_eq!(ours.actor_at(&ours.actor("u")), Some("u"));
        for foreign in [
            "http://127.0.0.1/thoughts/u",
            "http://127.0.0.1:8080/thoughts/",
            "http://127.0.0.1:8080/thoughts/u/activity",
            "http://127.0.0.1:8080/users/u",
            "http://127.0.0.1:80800/thoughts/u",
            "https://other.example/thoughts/u",
        ] {
            assert_eq!(ours.thought_at(foreign), None, "{foreign}");
        }
    }
}
