//! What is configured of GitHub.

use std::fmt;

use outbound::Outbound;
use url::Url;

use super::Webhook;

/// GitHub, as far as it is configured.
#[derive(Debug)]
pub struct Github {
    /// Where browsers go on when they come back from GitHub.
    pub webapp_url: Url,
    /// Without it nobody can connect.
    pub app: Option<OAuthApp>,
    /// Without it no events are taken.
    pub webhook: Option<Webhook>,
}

/// This server as GitHub knows it.
pub struct OAuthApp {
    /// The way out.
    pub outbound: Outbound,
    /// `https://github.com`, or that of a GitHub Enterprise.
    pub url: Url,
    /// The public half of what it is known by.
    pub client_id: String,
    /// The other half.
    pub client_secret: String,
    /// Where GitHub sends browsers back to: `…/v1/connect/github/callback` of this server.
    pub redirect_url: Url,
}

impl OAuthApp {
    /// A page of GitHub.
    pub(super) fn page(&self, path: &str) -> Url {
        below(self.url.clone(), path)
    }

    /// An address of its API: beside it in the cloud, below it on a server of one's own.
    pub(super) fn api(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        let cloud = url.host_str().filter(|host| *host == "github.com" || host.ends_with(".ghe.com"));
        match cloud.map(|host| format!("api.{host}")) {
            Some(host) if url.set_host(Some(&host)).is_ok() => below(url, path),
            _ => below(url, &format!("/api/v3{path}")),
        }
    }
}

fn below(mut url: Url, path: &str) -> Url {
    let path = format!("{}{path}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    url
}

impl fmt::Debug for OAuthApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OAuthApp({} at {})", self.client_id, self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_beside_the_cloud_and_below_a_server() {
        let outbound = Outbound::new(outbound::OutboundConfig::default()).unwrap();
        let app = |url: &str| OAuthApp {
            outbound: outbound.clone(),
            url: Url::parse(url).unwrap(),
            client_id: "id".to_owned(),
            client_secret: "hush".to_owned(),
            redirect_url: Url::parse("https://relay.example").unwrap(),
        };
        for (url, page, api) in [
            ("https://github.com", "https://github.com/login", "https://api.github.com/user"),
            ("https://corp.ghe.com/", "https://corp.ghe.com/login", "https://api.corp.ghe.com/user"),
            (
                "https://git.corp.example",
                "https://git.corp.example/login",
                "https://git.corp.example/api/v3/user",
            ),
            ("http://127.0.0.1:9/at/", "http://127.0.0.1:9/at/login", "http://127.0.0.1:9/at/api/v3/user"),
            ("https://evilgithub.com", "https://evilgithub.com/login", "https://evilgithub.com/api/v3/user"),
        ] {
            let app = app(url);
            assert_eq!((app.page("/login").as_str(), app.api("/user").as_str()), (page, api));
            assert!(!format!("{app:?}").contains("hush"));
        }
    }
}
