//! Database, then environment, then default.

use std::{collections::HashMap, sync::Arc};

use store::Conn;
use tracing::warn;

use super::{
    CurrentSettings, ProxyPolicy, Source, logo,
    table::{SETTINGS, SettingInfo},
};
use crate::Error;

/// The row with the policy for calls that are passed on.
pub(super) const XRPC_PROXY_CONFIG: &str = "xrpc_proxy_config";

/// What is in effect and where it comes from.
pub(super) struct Effective {
    pub(super) current: Arc<CurrentSettings>,
    /// The rows it was made of.
    pub(super) stored: HashMap<String, String>,
    /// The texts in effect, apart from defaults.
    pub(super) given: Vec<(&'static SettingInfo, String, Source)>,
}

impl Effective {
    pub(super) fn new(stored: HashMap<String, String>, environment: &HashMap<String, String>) -> Self {
        let given: Vec<_> = SETTINGS
            .iter()
            .filter_map(|info| {
                let (text, source) = given(info, &stored, environment)?;
                Some((info, text, source))
            })
            .collect();
        let value = |key: &str| {
            let text = given.iter().find(|(info, ..)| info.key == key).map(|(_, text, _)| text.as_str());
            text.or_else(|| super::table::info(key).and_then(|info| info.default))
        };
        let proxy = ProxyPolicy::stored(stored.get(XRPC_PROXY_CONFIG).map(String::as_str));
        let current = CurrentSettings::read(value, stored.contains_key(logo::TYPE), proxy);
        Self { current: Arc::new(current), stored, given }
    }
}

/// The text that somebody gave a setting. One that does not fit is not used: a typing error in the environment, or a row
/// of a later version, must not stop the server.
fn given(
    info: &SettingInfo,
    stored: &HashMap<String, String>,
    environment: &HashMap<String, String>,
) -> Option<(String, Source)> {
    let of_database = stored.get(info.key).map(|text| (text, Source::Database));
    let of_environment = info.variable.and_then(|variable| environment.get(variable));
    let of_environment =
        of_environment.filter(|text| !text.is_empty()).map(|text| (text, Source::Environment));
    let mut candidates = of_database.into_iter().chain(of_environment);
    let (text, source) = candidates.find(|(text, source)| match info.takes.problem(text) {
        None => true,
        Some(problem) => {
            warn!(setting = info.key, source = source.name(), problem, "a setting is ignored");
            false
        }
    })?;
    Some((text.clone(), source))
}

/// All rows but the big one.
pub(super) fn stored(conn: &mut Conn<'_>) -> Result<HashMap<String, String>, Error> {
    let rows = conn.query(
        "SELECT key, value FROM instance_settings WHERE key <> $1",
        &[store::v(logo::DATA)],
        |row| Ok::<_, Error>((row.string(0)?, row.string(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}
