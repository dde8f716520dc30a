//! A permission set: scopes that a lexicon gives one name.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::{Audience, RepoAction, Scope, ServiceRef, Targets};
use crate::Nsid;
use crate::oauth::DocumentError;
use crate::oauth::document::read;

/// The permissions of a published lexicon of type `permission-set`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSet {
    permissions: Vec<Permission>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Permission {
    Repo { collections: BTreeSet<Nsid>, actions: BTreeSet<RepoAction> },
    Rpc { methods: BTreeSet<Nsid>, audience: RpcAudience },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum RpcAudience {
    Is(Audience),
    /// That of the `include:` scope.
    Inherited,
}

#[derive(Deserialize)]
struct Lexicon {
    id: Nsid,
    defs: Defs,
}

#[derive(Deserialize)]
struct Defs {
    main: Main,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Main {
    #[serde(rename = "permission-set")]
    PermissionSet { permissions: Vec<Value> },
}

#[derive(Deserialize)]
#[serde(tag = "resource", rename_all = "lowercase")]
enum Wire {
    Repo {
        collection: Vec<Nsid>,
        action: Option<Vec<String>>,
    },
    Rpc {
        lxm: Vec<Nsid>,
        aud: Option<String>,
        #[serde(default, rename = "inheritAud")]
        inherit_aud: bool,
    },
}

impl PermissionSet {
    /// Reads a lexicon. A permission that makes no sense, or reaches beyond the set's own group of names, is skipped:
    /// whoever owns `com.example.auth` may hand out `com.example.post`, but not `org.example.post`.
    pub fn parse(lexicon: &[u8]) -> Result<Self, DocumentError> {
        let lexicon: Lexicon = read("permission set", lexicon)?;
        let Main::PermissionSet { permissions } = lexicon.defs.main;
        let id = lexicon.id.as_str();
        let group = &id[..id.len() - lexicon.id.name().len()];
        let permissions = permissions.iter().filter(|permission| permission["type"] == "permission");
        let permissions = permissions.filter_map(|permission| {
            let permission = permission_of(Wire::deserialize(permission).ok()?)?;
            permission.names().iter().all(|name| name.as_str().starts_with(group)).then_some(permission)
        });
        Ok(Self { permissions: permissions.collect() })
    }

    /// The scopes that an `include:` of the set stands for, with the service it names if it names one.
    pub(super) fn scopes(&self, include: Option<&ServiceRef>) -> impl Iterator<Item = Scope> {
        self.permissions.iter().filter_map(move |permission| match permission.clone() {
            Permission::Repo { collections, actions } => {
                Some(Scope::Repo { collections: Targets::These(collections), actions })
            }
            Permission::Rpc { methods, audience } => {
                let audience = match audience {
                    RpcAudience::Is(audience) => audience,
                    RpcAudience::Inherited => Audience::Service(include?.clone()),
                };
                Some(Scope::Rpc { methods: Targets::These(methods), audience })
            }
        })
    }
}

impl Permission {
    fn names(&self) -> &BTreeSet<Nsid> {
        match self {
            Self::Repo { collections, .. } => collections,
            Self::Rpc { methods, .. } => methods,
        }
    }
}

fn permission_of(wire: Wire) -> Option<Permission> {
    let permission = match wire {
        Wire::Repo { collection, action } => {
            let actions: BTreeSet<RepoAction> = match action {
                None => RepoAction::ALL.into(),
                Some(actions) => {
                    actions.iter().map(|action| RepoAction::parse(action)).collect::<Option<_>>()?
                }
            };
            if actions.is_empty() {
                return None;
            }
            Permission::Repo { collections: collection.into_iter().collect(), actions }
        }
        Wire::Rpc { lxm, aud, inherit_aud } => {
            let audience = match (aud, inherit_aud) {
                (Some(aud), false) => RpcAudience::Is(Audience::parse(&aud)?),
                (None, true) => RpcAudience::Inherited,
                (Some(_), true) | (None, false) => return None,
            };
            Permission::Rpc { methods: lxm.into_iter().collect(), audience }
        }
    };
    (!permission.names().is_empty()).then_some(permission)
}
