//! How a server says which token it wants, and how one gets it (spec/registry.md §2.1).

use anyhow::{Context, ensure};
use data_encoding::BASE64;
use url::Url;

use super::Answer;
use crate::target::Credentials;

/// The value of `WWW-Authenticate`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// `Bearer` or `Basic`.
    pub scheme: String,
    /// Where tokens are.
    pub realm: String,
    /// Whom they are for.
    pub service: Option<String>,
    /// What they must allow.
    pub scope: Option<String>,
}

impl Challenge {
    /// Reads a challenge.
    ///
    /// # Errors
    /// When it is not one.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let (scheme, mut rest) = text.split_once(' ').with_context(|| format!("a challenge: {text:?}"))?;
        let mut challenge = Self { scheme: scheme.to_owned(), ..Self::default() };
        while let Some((name, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"').with_context(|| format!("a challenge: {text:?}"))?;
            match name.trim_start_matches([',', ' ']) {
                "realm" => value.clone_into(&mut challenge.realm),
                "service" => challenge.service = Some(value.to_owned()),
                "scope" => challenge.scope = Some(value.to_owned()),
                _ => {}
            }
            rest = after;
        }
        ensure!(!challenge.realm.is_empty(), "a challenge without a realm: {text:?}");
        Ok(challenge)
    }

    /// Where the token is to be had. Every scope is a parameter of its own, as the container tools write it.
    pub(super) fn token_url(&self, credentials: Option<&Credentials>) -> anyhow::Result<Url> {
        let mut url = Url::parse(&self.realm).with_context(|| format!("the realm {:?}", self.realm))?;
        let mut query = url.query_pairs_mut();
        if let Some(Credentials { user, .. }) = credentials {
            query.append_pair("account", user);
        }
        for scope in self.scope.iter().flat_map(|scopes| scopes.split(' ')) {
            query.append_pair("scope", scope);
        }
        if let Some(service) = &self.service {
            query.append_pair("service", service);
        }
        drop(query);
        Ok(url)
    }
}

impl Credentials {
    /// As the value of `Authorization`.
    #[must_use]
    pub fn basic(&self) -> String {
        format!("Basic {}", BASE64.encode(format!("{}:{}", self.user, self.password).as_bytes()))
    }
}

pub(super) fn from_answer(answer: &Answer) -> anyhow::Result<String> {
    let json = answer.json()?;
    let token = ["access_token", "token"].iter().find_map(|name| json[name].as_str());
    Ok(token.with_context(|| format!("{} answered no token", answer.asked))?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_says_where_and_for_what() {
        let text = r#"Bearer realm="http://h/auth/token",service="h",scope="repository:a/b:pull,push repository:c:pull""#;
        let challenge = Challenge::parse(text).unwrap();
        assert_eq!(challenge.scope.as_deref(), Some("repository:a/b:pull,push repository:c:pull"));
        let alice = Credentials { user: "alice.test".into(), password: "x".into() };
        let url = challenge.token_url(Some(&alice)).unwrap();
        let query =
            "account=alice.test&scope=repository%3Aa%2Fb%3Apull%2Cpush&scope=repository%3Ac%3Apull&service=h";
        assert_eq!(url.query(), Some(query));
        assert!(Challenge::parse("Bearer scope=\"x\"").is_err(), "nowhere to go");
        assert!(Challenge::parse("Negotiate").is_err());
    }
}
