//! What a consumer asked for in the URL of its subscription.

use crate::synth::Collection;

use super::Frames;

/// The parameters of `GET /subscribe`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Subscription {
    wanted: Vec<String>,
    cursor: Option<i64>,
    compress: bool,
}

impl Subscription {
    /// Parses a request target; the reason for refusing it is fit for the body of a 400.
    pub(super) fn parse(target: &str) -> Result<Self, String> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path != "/subscribe" {
            return Err(format!("only /subscribe is served here, not {path}"));
        }
        let mut subscription = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "wantedCollections" => subscription.wanted.push(value.into_owned()),
                "compress" => subscription.compress = value == "true",
                "cursor" if !value.is_empty() => {
                    let cursor = value.parse().map_err(|_| format!("invalid cursor: {value}"))?;
                    subscription.cursor = Some(cursor);
                }
                _ => {}
            }
        }
        Ok(subscription)
    }

    /// Refuses a subscription that wants other frames than there are.
    pub(super) fn fits(self, frames: &Frames) -> Result<Self, String> {
        match (self.compress, frames.is_compressed()) {
            (true, false) => Err("these events are only served uncompressed".to_owned()),
            (false, true) => Err("these events are only served with compress=true".to_owned()),
            _ => Ok(self),
        }
    }

    /// Identity and account events (`None`) always pass; so does everything when nothing was named.
    pub(super) fn wants(&self, collection: Option<Collection>) -> bool {
        let Some(collection) = collection else { return true };
        let nsid = collection.nsid();
        self.wanted.is_empty()
            || self.wanted.iter().any(|wanted| match wanted.strip_suffix('*') {
                Some(prefix) => nsid.starts_with(prefix),
                None => nsid == wanted,
            })
    }

    /// Where to begin. A cursor is inclusive. Without one, or with one behind which nothing has happened yet, a real service
    /// would send what happens from now on; here the stream begins to happen when somebody listens.
    pub(super) fn first(&self, frames: &Frames) -> usize {
        self.cursor.and_then(|cursor| frames.first_at(cursor)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_parameter() {
        let target = "/subscribe?compress=true&wantedCollections=app.bsky.feed.like\
                      &wantedCollections=com.example.*&cursor=17";
        let subscription = Subscription::parse(target).unwrap();
        assert_eq!(subscription.cursor, Some(17));
        assert!(subscription.compress);
        assert!(subscription.wants(Some(Collection::Like)));
        assert!(subscription.wants(Some(Collection::Note)));
        assert!(!subscription.wants(Some(Collection::Post)));
        assert!(subscription.wants(None));
    }

    #[test]
    fn refuses_what_the_protocol_refuses() {
        assert!(Subscription::parse("/subscribe?cursor=yesterday").is_err());
        assert!(Subscription::parse("/other").is_err());
    }
}
