//! The scopes of a client or a token.

use std::collections::BTreeSet;
use std::fmt;

use super::{Audience, MimeRange, PermissionSet, RepoAction, Scope, ScopeError, ServiceRef, Targets};
use crate::Nsid;
use crate::excerpt::excerpt;

/// Longest accepted list. Granted scopes have their `include:` expanded, so it may be long.
const MAX_BYTES: usize = 64 << 10;

/// A list of scopes. Texts that are no scopes allow nothing, but are kept, because two servers need not know the same
/// ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeSet {
    scopes: BTreeSet<Scope>,
    unknown: BTreeSet<String>,
}

impl ScopeSet {
    /// Reads scopes separated by spaces. The only list that is refused is one that is too long.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        if text.len() > MAX_BYTES {
            return Err(ScopeError::new(text, "the list is too long"));
        }
        let mut set = Self::default();
        for scope in text.split_ascii_whitespace() {
            match scope.parse() {
                Ok(scope) => drop(set.scopes.insert(scope)),
                Err(_) => drop(set.unknown.insert(scope.to_owned())),
            }
        }
        Ok(set)
    }

    /// Whether this very scope is one of them.
    #[must_use]
    pub fn contains(&self, scope: &Scope) -> bool {
        self.scopes.contains(scope)
    }

    /// The permission sets they include, to be looked up before [`expand`](Self::expand).
    pub fn includes(&self) -> impl Iterator<Item = &Nsid> {
        self.scopes.iter().filter_map(|scope| match scope {
            Scope::Include { set, .. } => Some(set),
            _ => None,
        })
    }

    /// The same scopes with every `include:` replaced by what its permission set says. One that is not found stays.
    #[must_use]
    pub fn expand<'s>(&self, find: impl Fn(&Nsid) -> Option<&'s PermissionSet>) -> Self {
        let mut expanded = Self { scopes: BTreeSet::new(), unknown: self.unknown.clone() };
        for scope in &self.scopes {
            match scope {
                Scope::Include { set, audience } if let Some(found) = find(set) => {
                    expanded.scopes.extend(found.scopes(audience.as_ref()));
                }
                scope => drop(expanded.scopes.insert(scope.clone())),
            }
        }
        expanded
    }

    /// The first of `wanted` that these scopes do not cover, for an error message. Both sides should be expanded.
    #[must_use]
    pub fn missing(&self, wanted: &Self) -> Option<String> {
        let scope = wanted.scopes.iter().find(|scope| !self.covers(scope)).map(ToString::to_string);
        let unknown = || wanted.unknown.difference(&self.unknown).next().cloned();
        scope.or_else(unknown).map(|scope| excerpt(&scope))
    }

    /// Whether all that `wanted` allows is allowed by these scopes, be it by several together.
    #[must_use]
    pub fn covers(&self, wanted: &Scope) -> bool {
        match wanted {
            Scope::Repo { collections, actions } => actions
                .iter()
                .all(|&action| each(collections, |collection| self.has_repo(collection, action))),
            Scope::Rpc { methods, audience } => each(methods, |method| self.has_rpc(method, audience)),
            Scope::Blob(ranges) => ranges.iter().all(|range| self.has_blob(range)),
            Scope::Account { attribute, manage } => self.any(|scope| match scope {
                Scope::Account { attribute: granted, manage: may } => granted == attribute && may >= manage,
                Scope::TransitionEmail => *attribute == super::AccountAttribute::Email && !manage,
                _ => false,
            }),
            Scope::IdentityHandle => {
                self.any(|scope| matches!(scope, Scope::IdentityHandle | Scope::IdentityAll))
            }
            other => self.contains(other),
        }
    }

    /// Whether records of this collection may be written so.
    #[must_use]
    pub fn allows_repo(&self, collection: &Nsid, action: RepoAction) -> bool {
        self.has_repo(Some(collection), action)
    }

    /// Whether this method of this service may be called.
    #[must_use]
    pub fn allows_rpc(&self, method: &Nsid, service: &ServiceRef) -> bool {
        self.has_rpc(Some(method), &Audience::Service(service.clone()))
    }

    /// Whether a blob of this media type may be uploaded.
    #[must_use]
    pub fn allows_blob(&self, mime: &str) -> bool {
        let essence = mime.split(';').next().unwrap_or_default().trim();
        MimeRange::parse(essence).is_some_and(|mime| self.has_blob(&mime))
    }

    fn any(&self, grants: impl Fn(&Scope) -> bool) -> bool {
        self.scopes.iter().any(grants)
    }

    /// `None` stands for all collections.
    fn has_repo(&self, collection: Option<&Nsid>, action: RepoAction) -> bool {
        self.any(|scope| match scope {
            Scope::TransitionGeneric => true,
            Scope::Repo { collections, actions } => actions.contains(&action) && has(collections, collection),
            _ => false,
        })
    }

    /// `None` stands for all methods.
    fn has_rpc(&self, method: Option<&Nsid>, audience: &Audience) -> bool {
        let is_chat = |method: &Nsid| method.as_str().starts_with("chat.bsky.");
        self.any(|scope| match scope {
            Scope::TransitionGeneric => method.is_some_and(|method| !is_chat(method)),
            Scope::TransitionChat => method.is_some_and(is_chat),
            Scope::Rpc { methods, audience: granted } => granted.covers(audience) && has(methods, method),
            _ => false,
        })
    }

    fn has_blob(&self, range: &MimeRange) -> bool {
        self.any(|scope| match scope {
            Scope::TransitionGeneric => true,
            Scope::Blob(granted) => granted.iter().any(|granted| granted.covers(range)),
            _ => false,
        })
    }
}

fn each(targets: &Targets, allowed: impl Fn(Option<&Nsid>) -> bool) -> bool {
    match targets {
        Targets::Any => allowed(None),
        Targets::These(names) => names.iter().all(|name| allowed(Some(name))),
    }
}

fn has(targets: &Targets, wanted: Option<&Nsid>) -> bool {
    match wanted {
        Some(name) => targets.contains(name),
        None => *targets == Targets::Any,
    }
}

/// The scopes separated by spaces, each in its canonical form.
impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scopes = self.scopes.iter().map(ToString::to_string);
        let all: Vec<String> = scopes.chain(self.unknown.iter().cloned()).collect();
        f.write_str(&all.join(" "))
    }
}
