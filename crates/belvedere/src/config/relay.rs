//! What the relay works with, checked.

use std::path::PathBuf;

use serde_json::{Map, Value};
use url::Url;

use super::error::Error;
use super::github::GithubSettings;
use super::values::Values;
use super::{Secret, read, table};

/// The fields are described in the table.
#[derive(Debug)]
pub(crate) struct Relay {
    pub(crate) account_bytes: u64,
    pub(crate) push_url: Option<Url>,
    pub(crate) webapp_url: Option<Url>,
    pub(crate) github: GithubSettings,
    pub(crate) elevenlabs_api_key: Option<Secret>,
    pub(crate) elevenlabs_url: Url,
    pub(crate) revenuecat_api_key: Option<Secret>,
    pub(crate) revenuecat_project: Option<String>,
    pub(crate) revenuecat_url: Url,
    pub(crate) web_dir: Option<PathBuf>,
    pub(crate) web_config: Map<String, Value>,
}

impl Relay {
    pub(super) fn new(values: &Values) -> Result<Self, Error> {
        Ok(Self {
            account_bytes: values.value(&table::SYNC_ACCOUNT_BYTES, read::account_bytes)?,
            push_url: values.optional(&table::PUSH_URL, read::web_url)?,
            webapp_url: values.optional(&table::WEBAPP_URL, read::web_url)?,
            github: GithubSettings::new(values)?,
            elevenlabs_api_key: values.optional(&table::ELEVENLABS_API_KEY, read::api_key)?,
            elevenlabs_url: values.value(&table::ELEVENLABS_URL, read::web_url)?,
            revenuecat_api_key: values.optional(&table::REVENUECAT_API_KEY, read::api_key)?,
            revenuecat_project: values.optional(&table::REVENUECAT_PROJECT, read::header)?,
            revenuecat_url: values.value(&table::REVENUECAT_URL, read::web_url)?,
            web_dir: values.optional(&table::SYNC_WEB_DIR, read::folder)?,
            web_config: values.optional(&table::SYNC_WEB_CONFIG, read::json_object)?.unwrap_or_default(),
        })
    }
}
