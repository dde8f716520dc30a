//! Which calls are passed on to the servers that define them (spec/appview.md §8.6).

use atproto::Nsid;
use events::{Event, kinds};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tracing::warn;

use super::{Settings, effective::XRPC_PROXY_CONFIG, proxy_pattern::ProxyPattern};
use crate::{Actor, Error};

/// More are not worth asking for each call.
const MAX_PATTERNS: usize = 1000;

/// The operator's rule for methods that are not served here. Without one, every call is passed on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyPolicy {
    /// How `nsids` are meant.
    pub mode: ProxyMode,
    /// Patterns of methods; nothing in the modes that need none.
    #[serde(default)]
    pub nsids: Vec<ProxyPattern>,
}

/// What a policy does with the patterns it lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProxyMode {
    /// No call is passed on.
    Disabled,
    /// Every call is.
    #[default]
    Open,
    /// Those that are listed are.
    Allowlist,
    /// Those that are not listed are.
    Blocklist,
}

impl ProxyPolicy {
    /// A policy with patterns as operators write them. They are dropped in the modes that need none.
    pub fn new(mode: ProxyMode, patterns: &[String]) -> Result<Self, Error> {
        let nsids = match mode {
            ProxyMode::Disabled | ProxyMode::Open => Vec::new(),
            ProxyMode::Allowlist | ProxyMode::Blocklist => parse(patterns)?,
        };
        Ok(Self { mode, nsids })
    }

    /// Whether a call of this method may be passed on.
    #[must_use]
    pub fn allows(&self, nsid: &Nsid) -> bool {
        let listed = || self.nsids.iter().any(|pattern| pattern.covers(nsid));
        match self.mode {
            ProxyMode::Disabled => false,
            ProxyMode::Open => true,
            ProxyMode::Allowlist => listed(),
            ProxyMode::Blocklist => !listed(),
        }
    }

    /// The stored policy. One that cannot be read passes nothing on: it may have been meant to forbid.
    pub(super) fn stored(json: Option<&str>) -> Self {
        let Some(json) = json else { return Self::default() };
        serde_json::from_str(json).unwrap_or_else(|error| {
            warn!(%error, "the stored XRPC proxy policy cannot be read; no call is passed on until it is set again");
            Self { mode: ProxyMode::Disabled, nsids: Vec::new() }
        })
    }
}

fn parse(patterns: &[String]) -> Result<Vec<ProxyPattern>, Error> {
    if patterns.len() > MAX_PATTERNS {
        return Err(Error::ProxyPattern(format!("a policy lists at most {MAX_PATTERNS} patterns")));
    }
    patterns.iter().map(|pattern| pattern.parse()).collect()
}

impl Settings {
    /// Decides which calls are passed on.
    pub async fn set_proxy_policy(&self, actor: &Actor, policy: &ProxyPolicy) -> Result<(), Error> {
        let value = json!(policy);
        self.put(XRPC_PROXY_CONFIG, &value.to_string()).await?;
        self.events.record(
            Event::new(kinds::SETTING_UPDATED)
                .actor(actor.did())
                .subject(XRPC_PROXY_CONFIG)
                .detail(json!({ "value": value })),
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(mode: ProxyMode, patterns: &[&str], nsid: &str) -> bool {
        let patterns: Vec<_> = patterns.iter().map(ToString::to_string).collect();
        ProxyPolicy::new(mode, &patterns).unwrap().allows(&Nsid::parse(nsid).unwrap())
    }

    #[test]
    fn each_mode_means_what_it_says() {
        let patterns = ["app.bsky.*", "com.example.getFoo"];
        for (nsid, listed) in
            [("app.bsky.feed.getTimeline", true), ("com.example.getFoo", true), ("com.example.getBar", false)]
        {
            assert!(!allowed(ProxyMode::Disabled, &patterns, nsid));
            assert!(allowed(ProxyMode::Open, &patterns, nsid));
            assert_eq!(allowed(ProxyMode::Allowlist, &patterns, nsid), listed, "{nsid}");
            assert_eq!(allowed(ProxyMode::Blocklist, &patterns, nsid), !listed, "{nsid}");
        }
    }

    #[test]
    fn what_is_stored_comes_back_and_nonsense_allows_nothing() {
        let policy = ProxyPolicy::new(ProxyMode::Blocklist, &["app.bsky.*".to_owned()]).unwrap();
        assert_eq!(json!(policy), json!({ "mode": "blocklist", "nsids": ["app.bsky.*"] }));
        assert_eq!(ProxyPolicy::stored(Some(&json!(policy).to_string())), policy);
        assert_eq!(ProxyPolicy::stored(None), ProxyPolicy::default());
        for bad in ["{}", "", r#"{"mode":"closed"}"#, r#"{"mode":"blocklist","nsids":["*"]}"#] {
            assert_eq!(ProxyPolicy::stored(Some(bad)).mode, ProxyMode::Disabled, "{bad}");
        }
    }

    #[test]
    fn modes_that_need_no_patterns_keep_none() {
        let patterns = ["com.example.*".to_owned()];
        assert_eq!(ProxyPolicy::new(ProxyMode::Open, &patterns).unwrap(), ProxyPolicy::default());
        let many = vec!["com.example.*".to_owned(); MAX_PATTERNS + 1];
        assert!(ProxyPolicy::new(ProxyMode::Allowlist, &many).is_err());
    }
}
