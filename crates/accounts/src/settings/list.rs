//! Listing settings.

use super::Settings;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Somebody set it while the server ran.
    Database,
    /// A variable.
    Environment,
}

impl Source {
    /// As the admin API spells it: `database` or `env`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Environment => "env",
        }
    }
}

/// A setting that somebody gave a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSetting {
    /// Its name.
    pub key: &'static str,
    /// Its value as text.
    pub value: String,
    /// Where the value comes from.
    pub source: Source,
}

impl Settings {
    /// Whether somebody gave this setting a value while a server ran; of the logo its type counts, of the policy for calls
    /// that are passed on its row.
    #[must_use]
    pub fn is_stored(&self, key: &str) -> bool {
        self.effective.load().stored.contains_key(key)
    }

    /// The settings that have a value other than their default. What the server keeps for itself, secrets among it, is
    /// not a setting and never listed.
    #[must_use]
    pub fn list(&self) -> Vec<ListedSetting> {
        let listed = |(info, value, source): &(&super::SettingInfo, String, Source)| ListedSetting {
            key: info.key,
            value: value.clone(),
            source: *source,
        };
        self.effective.load().given.iter().map(listed).collect()
    }
}
