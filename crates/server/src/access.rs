//! Who may call a route.

use std::fmt;

use crate::Permission;

/// The condition the shell checks before a route's handler runs (see `gate.rs`, the only place that does).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody. Credentials are not even looked at, so a monitoring system's stray header breaks nothing.
    Public,
    /// The handler decides, because the rule is only known at run time (dynamic XRPC). A credential is verified if
    /// there is one; a bad one is refused; without one the caller is anonymous.
    Delegated,
    /// Anybody whose credential verifies.
    Authenticated,
    /// A caller who holds this permission.
    Permission(Permission),
    /// A caller who holds all of these permissions.
    AllOf(&'static [Permission]),
}

impl Access {
    /// The permissions a caller needs, in the order they are checked.
    #[must_use]
    pub fn permissions(&self) -> &[Permission] {
        match self {
            Self::Permission(permission) => std::slice::from_ref(permission),
            Self::AllOf(permissions) => permissions,
            Self::Public | Self::Delegated | Self::Authenticated => &[],
        }
    }
}

impl From<Permission> for Access {
    fn from(permission: Permission) -> Self {
        Self::Permission(permission)
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::Delegated => f.write_str("decided by the handler"),
            Self::Authenticated => f.write_str("authenticated"),
            Self::Permission(permission) => write!(f, "{permission}"),
            Self::AllOf(permissions) => {
                let names: Vec<_> = permissions.iter().map(|permission| permission.name()).collect();
                f.write_str(&names.join(" and "))
            }
        }
    }
}
