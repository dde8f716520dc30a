//! Where links lead that do not say which server they mean.

use url::Url;

/// Addresses that relative links and pictures are relative to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::browse) struct Base {
    pub(super) links: Url,
    pub(super) pictures: Url,
}

impl Base {
    /// Of a file that was fetched from here.
    pub(super) fn of_file(url: &Url) -> Self {
        Self { links: url.clone(), pictures: url.clone() }
    }

    /// Of sources at this address. Some hosts show a file in one place and have its bytes in another.
    pub(in crate::browse) fn of_source(source: &str) -> Option<Self> {
        let mut url = Url::parse(source).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
        let path = url.path().trim_end_matches('/').trim_end_matches(".git").to_owned();
        url.set_query(None);
        url.set_fragment(None);
        let is_repository = path.split('/').count() == 3;
        let at = |below: &str| {
            let mut url = url.clone();
            url.set_path(&format!("{path}/{below}"));
            url
        };
        Some(if url.host_str() == Some("github.com") && is_repository {
            Self { links: at("blob/HEAD/"), pictures: at("raw/HEAD/") }
        } else {
            Self { links: at(""), pictures: at("") }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_folder() {
        let base = Base::of_source("https://github.com/alice/app.git").unwrap();
        assert_eq!(
            base.links.join("docs/a.md").unwrap().as_str(),
            "https://github.com/alice/app/blob/HEAD/docs/a.md"
        );
        assert_eq!(
            base.pictures.join("a.png").unwrap().as_str(),
            "https://github.com/alice/app/raw/HEAD/a.png"
        );
        let base = Base::of_source("https://git.example/app?x#y").unwrap();
        assert_eq!(base.links.join("a.md").unwrap().as_str(), "https://git.example/app/a.md");
        for none in ["", "javascript:alert(1)", "git@github.com:alice/app", "file:///etc/passwd"] {
            assert_eq!(Base::of_source(none), None, "{none}");
        }
    }
}
