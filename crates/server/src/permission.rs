//! Permissions: the strings a route asks for and the set a caller holds.

use std::{fmt, sync::Arc};

/// One right, known by its wire name, e.g. `lexicons:read`.
///
/// The constants live with whoever defines the rights (`accounts`); the shell only compares them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(&'static str);

impl Permission {
    /// Names a permission. Meant for constants.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What a caller may do. Immutable and cheap to clone, so that a cached caller can be handed to every request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionSet(Arc<[Permission]>);

impl PermissionSet {
    /// Whether the set holds `permission`.
    #[must_use]
    pub fn contains(&self, permission: Permission) -> bool {
        self.0.binary_search(&permission).is_ok()
    }

    /// The permissions in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        let mut sorted: Vec<Permission> = permissions.into_iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        Self(sorted.into())
    }
}
