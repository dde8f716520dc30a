//! Where a database is.

use std::path::PathBuf;

use url::Url;

use crate::Error;

/// An engine, and the place of the data.
#[derive(Debug, PartialEq)]
pub(crate) enum Location {
    File(PathBuf),
    Postgres(String),
}

impl Location {
    /// `postgres://…`, `sqlite://PATH?…` as HappyView's `DATABASE_URL` has it, or the path itself.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = match text.strip_prefix("sqlite:") {
            Some(rest) => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                path.split_once('?').map_or(path, |(path, _)| path)
            }
            None if text.contains("://") => {
                return Err(Error::Url(format!(
                    "{} is neither a file nor a URL that begins with sqlite:// or postgres://",
                    without_password(text)
                )));
            }
            None => text,
        };
        if path.is_empty() {
            return Err(Error::Url("the URL names no file".to_owned()));
        }
        Ok(Self::File(path.into()))
    }

    /// For people.
    pub(crate) fn display(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Postgres(url) => without_password(url),
        }
    }
}

/// A URL that can be shown; nothing of one that cannot be read, which may have a password anywhere.
fn without_password(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else { return "the URL".to_owned() };
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "the URL".to_owned();
    }
    if url.query().is_some_and(|query| query.contains("password")) {
        url.set_query(None);
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_happyview_and_paths_are_understood() {
        for text in ["sqlite://data/hv.db?mode=rwc", "sqlite:data/hv.db", "data/hv.db"] {
            assert_eq!(Location::parse(text).unwrap(), Location::File("data/hv.db".into()), "{text}");
        }
        let absolute = Location::parse("sqlite:///srv/hv.db").unwrap();
        assert_eq!(absolute, Location::File("/srv/hv.db".into()));
        assert!(matches!(Location::parse("postgresql://h/d").unwrap(), Location::Postgres(_)));
        for bad in ["mysql://h/d", "sqlite://", "sqlite:?mode=rwc", ""] {
            assert!(Location::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_password_is_shown() {
        let shown = Location::parse("postgres://me:hush@host/db").unwrap().display();
        assert_eq!(shown, "postgres://me:***@host/db");
        let shown = Location::parse("postgres://host/db?password=hush&user=me").unwrap().display();
        assert_eq!(shown, "postgres://host/db");
        assert!(!Location::parse("mysql://me:hush@host/db").unwrap_err().to_string().contains("hush"));
    }
}
