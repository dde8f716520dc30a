//! The apps a server can be made of.

use std::fmt;

use super::read::is_not;

/// An app that this version has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AppName {
    /// Lexicons in, a live XRPC view of the network out.
    Appview,
    /// A relay for end-to-end-encrypted sessions.
    Sync,
    /// A container registry whose images belong to their authors.
    Registry,
    /// A microblog at home in the fediverse.
    Social,
}

impl AppName {
    /// Every app of this version.
    pub(crate) const ALL: [Self; 4] = [Self::Appview, Self::Sync, Self::Registry, Self::Social];

    /// As settings spell it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Appview => "appview",
            Self::Sync => "sync",
            Self::Registry => "registry",
            Self::Social => "social",
        }
    }

    /// Reads names separated by commas; each counts once.
    pub(super) fn list(text: &str) -> Result<Vec<Self>, String> {
        let mut apps = Vec::new();
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let app = Self::named(name)?;
            if !apps.contains(&app) {
                apps.push(app);
            }
        }
        if apps.is_empty() { Err(is_not(text, "a list of apps")) } else { Ok(apps) }
    }

    fn named(name: &str) -> Result<Self, String> {
        if let Some(app) = Self::ALL.into_iter().find(|app| app.name() == name) {
            return Ok(app);
        }
        let here = Self::ALL.map(Self::name).join(", ");
        Err(format!("there is no app `{name}`; this version of Belvedere has: {here}"))
    }
}

impl fmt::Display for AppName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        assert_eq!(AppName::list("appview, appview,"), Ok(vec![AppName::Appview]));
        assert_eq!(AppName::list("sync,appview"), Ok(vec![AppName::Sync, AppName::Appview]));
        assert!(AppName::list(",").is_err());
        assert_eq!(AppName::list("social"), Ok(vec![AppName::Social]));
        assert!(AppName::list("appviews").unwrap_err().contains("there is no app `appviews`"));
    }
}
