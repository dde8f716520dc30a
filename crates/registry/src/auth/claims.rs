//! A token as it is written (spec/registry.md §2.2).

use std::borrow::Cow;
use std::fmt;

use atproto::Did;
use oci::{Actions, RepositoryName, Scope};
use serde::{Deserialize, Serialize};

use super::{Access, Login, Method, Token};
use crate::Repository;

/// The claims of an access token.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    /// A DID, or nothing at all.
    pub(super) sub: String,
    pub(super) aud: String,
    pub(super) exp: i64,
    pub(super) nbf: i64,
    pub(super) iat: i64,
    pub(super) jti: String,
    pub(super) access: Vec<Entry>,
    pub(super) auth_method: Method,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) handle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dev: Option<String>,
}

/// One resource of `access`.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "type")]
    kind: Cow<'static, str>,
    /// As whoever asked spelled it: for clients, which look at it, and not for us.
    name: String,
    actions: Vec<Cow<'static, str>>,
    /// Whose it was when the token was made, so that nobody has to ask again.
    #[serde(skip_serializing_if = "Option::is_none")]
    did: Option<Did>,
}

/// What is granted of what was asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Grants {
    /// A name as it was asked for, and what it means.
    pub(super) repositories: Vec<(RepositoryName, Access)>,
    pub(super) catalog: bool,
}

impl Grants {
    pub(super) fn entries(&self) -> Vec<Entry> {
        let entry = |(name, access): &(RepositoryName, Access)| Entry {
            kind: "repository".into(),
            name: name.to_string(),
            actions: access.actions.names().map(Cow::Borrowed).collect(),
            did: Some(access.repository.owner.clone()),
        };
        let catalog = self.catalog.then(|| Entry {
            kind: "registry".into(),
            name: "catalog".into(),
            actions: vec!["*".into()],
            did: None,
        });
        self.repositories.iter().map(entry).chain(catalog).collect()
    }
}

/// As a parameter `scope`.
impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scopes = self.repositories.iter().map(|(name, access)| Scope::repository(name, access.actions));
        for (at, scope) in scopes.chain(self.catalog.then(Scope::catalog)).enumerate() {
            write!(f, "{}{scope}", if at == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl Claims {
    /// Those of a token for somebody, or for anybody.
    pub(super) fn of(login: Option<&Login>, grants: &Grants, service: &str, now: i64, life: i64) -> Self {
        Self {
            iss: service.to_owned(),
            sub: login.map(|login| login.did.to_string()).unwrap_or_default(),
            aud: service.to_owned(),
            exp: now + life,
            nbf: now,
            iat: now,
            jti: format!("{:032x}", rand::random::<u128>()),
            access: grants.entries(),
            auth_method: login.map_or(Method::Anonymous, |login| login.method),
            handle: login.map(|login| login.handle.clone()),
            dev: login.and_then(|login| login.device.clone()),
        }
    }

    /// What they say; nothing if no token of ours says that.
    pub(super) fn token(self) -> Option<Token> {
        let subject = if self.sub.is_empty() { None } else { Some(Did::parse(&self.sub).ok()?) };
        if subject.is_none() != (self.auth_method == Method::Anonymous) {
            return None;
        }
        let (mut access, mut catalog) = (Vec::with_capacity(self.access.len()), false);
        for entry in self.access {
            match (&*entry.kind, entry.did) {
                ("repository", Some(owner)) => {
                    let name = RepositoryName::parse(&entry.name).ok()?.repository().to_owned();
                    let actions: Actions = entry.actions.iter().map(AsRef::as_ref).collect();
                    access.push(Access { repository: Repository { owner, name }, actions });
                }
                ("registry", None) => catalog |= entry.name == "catalog",
                _ => return None,
            }
        }
        Some(Token {
            subject,
            handle: self.handle,
            method: self.auth_method,
            device: self.dev,
            access,
            catalog,
            expires_at: self.exp,
        })
    }
}
