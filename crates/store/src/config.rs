//! Where the databases are.

use std::path::{Path, PathBuf};

use crate::Error;

/// What [`Store::open`](crate::Store::open) needs to know.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Which engine, and where.
    pub location: Location,
    /// SQLite: reading threads per database. PostgreSQL: connections for requests per tier.
    pub max_connections: usize,
}

/// An engine and the place of its data.
#[derive(Clone)]
pub enum Location {
    /// A folder that holds `state.db` and `index.db`.
    Sqlite(PathBuf),
    /// A connection string; tiers are schemas of the one database it names.
    Postgres(String),
}

impl std::fmt::Debug for Location {
    // Written by hand so that no log ever shows a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.display())
    }
}

impl Location {
    /// The location for people: a path, or the URL without its password.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Self::Sqlite(dir) => format!("sqlite://{}", dir.display()),
            Self::Postgres(url) => without_password(url),
        }
    }
}

impl StoreConfig {
    /// SQLite files in `dir`.
    #[must_use]
    pub fn sqlite(dir: &Path) -> Self {
        Self { location: Location::Sqlite(dir.to_owned()), max_connections: 4 }
    }

    /// Parses a `DATABASE_URL`: `sqlite://DIR` (a path that ends in a file name with an extension means its
    /// folder, `?mode=…` is ignored) or `postgres://…`.
    pub fn from_url(url: &str) -> Result<Self, Error> {
        let wrong = |problem: &str| Error::Url { url: without_password(url), problem: problem.into() };
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            url.parse::<tokio_postgres::Config>().map_err(|error| wrong(&error.to_string()))?;
            return Ok(Self { location: Location::Postgres(url.to_owned()), max_connections: 16 });
        }
        let path = url.strip_prefix("sqlite:").ok_or_else(|| wrong("unknown scheme"))?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split('?').next().unwrap_or(path);
        if path.is_empty() || path == ":memory:" {
            return Err(wrong("a folder is needed"));
        }
        let path = Path::new(path);
        let dir = match path.extension() {
            Some(_) if !path.is_dir() => path.parent().unwrap_or(Path::new(".")),
            _ => path,
        };
        Ok(Self::sqlite(if dir.as_os_str().is_empty() { Path::new(".") } else { dir }))
    }
}

fn without_password(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => {
            // Fails only for URLs without a host, which have no password either.
            let _ = parsed.set_password(Some("***"));
            parsed.into()
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir(url: &str) -> PathBuf {
        match StoreConfig::from_url(url).unwrap().location {
            Location::Sqlite(dir) => dir,
            Location::Postgres(url) => panic!("{url} is not SQLite"),
        }
    }

    #[test]
    fn a_file_means_its_folder() {
        assert_eq!(dir("sqlite://data"), Path::new("data"));
        assert_eq!(dir("sqlite:///var/lib/belvedere"), Path::new("/var/lib/belvedere"));
        assert_eq!(dir("sqlite:///var/lib/belvedere/happyview.db?mode=rwc"), Path::new("/var/lib/belvedere"));
        assert_eq!(dir("sqlite://app.db"), Path::new("."));
    }

    #[test]
    fn nonsense_is_refused_without_showing_the_password() {
        for url in ["", "mysql://x", "sqlite://", "sqlite::memory:", "data"] {
            assert!(StoreConfig::from_url(url).is_err(), "{url}");
        }
        let error = StoreConfig::from_url("mysql://me:secret@host/db").unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
        let shown = format!("{:?}", StoreConfig::from_url("postgres://me:secret@host/db").unwrap());
        assert!(!shown.contains("secret"), "{shown}");
    }
}
