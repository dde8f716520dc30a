//! What is configured of GitHub: an app of this server there is whole or not at all.

use url::Url;

use super::error::Error;
use super::setting::Setting;
use super::values::Values;
use super::{Secret, read, table};

/// GitHub, as the relay is to know it.
#[derive(Debug)]
pub(crate) struct GithubSettings {
    pub(crate) url: Url,
    pub(crate) app: Option<GithubApp>,
    pub(crate) webhook_secret: Option<Secret>,
}

/// This server as GitHub knows it.
#[derive(Debug)]
pub(crate) struct GithubApp {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) redirect_url: Url,
}

/// What makes up an app.
const PARTS: [&Setting; 3] =
    [&table::GITHUB_CLIENT_ID, &table::GITHUB_CLIENT_SECRET, &table::GITHUB_REDIRECT_URL];

impl GithubSettings {
    pub(super) fn new(values: &Values) -> Result<Self, Error> {
        let client_id = values.optional(&table::GITHUB_CLIENT_ID, read::header)?;
        let client_secret = values.optional(&table::GITHUB_CLIENT_SECRET, read::secret)?;
        let redirect_url = values.optional(&table::GITHUB_REDIRECT_URL, read::web_url)?;
        let app = match (client_id, client_secret, redirect_url) {
            (Some(client_id), Some(client_secret), Some(redirect_url)) => {
                Some(GithubApp { client_id, client_secret, redirect_url })
            }
            (None, None, None) => None,
            _ => return Err(half_set(values)),
        };
        Ok(Self {
            url: values.value(&table::GITHUB_URL, read::web_url)?,
            app,
            webhook_secret: values.optional(&table::GITHUB_WEBHOOK_SECRET, read::secret)?,
        })
    }

    /// Whether it is the one that everybody knows.
    pub(crate) fn is_public(&self) -> bool {
        self.url.as_str().trim_end_matches('/') == table::GITHUB_URL.default
    }
}

/// Blames one that is set, since it has a place that can be told.
fn half_set(values: &Values) -> Error {
    let is_set = |setting: &&Setting| !values.get(setting).text.is_empty();
    let (set, missing): (Vec<_>, Vec<_>) = PARTS.into_iter().partition(is_set);
    let missing = missing.iter().map(|setting| setting.key).collect::<Vec<_>>().join(" and ");
    let set = set.first().copied().unwrap_or(PARTS[0]);
    let problem = format!("it is of no use without {missing}; set all three, or none");
    Error::Value { key: set.key, problem, origin: values.get(set).origin }
}
