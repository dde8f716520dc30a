//! Named sets of permissions for common roles (spec/appview.md §4.2).

use server::Permission;

use crate::permissions::{self as p, PERMISSIONS};

/// A role to start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The wire name, e.g. `viewer`.
    pub key: &'static str,
    /// The name people see.
    pub label: &'static str,
    /// What it grants.
    pub permissions: Vec<Permission>,
}

const VIEWER: [Permission; 10] = [
    p::LEXICONS_READ,
    p::RECORDS_READ,
    p::SCRIPTS_READ,
    p::SCRIPT_VARIABLES_READ,
    p::USERS_READ,
    p::API_KEYS_READ,
    p::BACKFILL_READ,
    p::STATS_READ,
    p::EVENTS_READ,
    p::DEAD_LETTERS_READ,
];

const OPERATOR_ADDS: [Permission; 4] =
    [p::BACKFILL_CREATE, p::API_KEYS_CREATE, p::API_KEYS_DELETE, p::DEAD_LETTERS_MANAGE];

const MANAGER_ADDS: [Permission; 25] = [
    p::LEXICONS_CREATE,
    p::LEXICONS_DELETE,
    p::SCRIPTS_MANAGE,
    p::SCRIPT_VARIABLES_CREATE,
    p::SCRIPT_VARIABLES_DELETE,
    p::RECORDS_DELETE,
    p::LABELERS_CREATE,
    p::LABELERS_READ,
    p::LABELERS_DELETE,
    p::SETTINGS_MANAGE,
    p::PLUGINS_READ,
    p::PLUGINS_CREATE,
    p::PLUGINS_DELETE,
    p::API_CLIENTS_VIEW,
    p::API_CLIENTS_CREATE,
    p::API_CLIENTS_EDIT,
    p::API_CLIENTS_DELETE,
    p::SPACES_CREATE,
    p::SPACES_READ,
    p::SPACES_UPDATE,
    p::SPACES_DELETE,
    p::SPACES_MANAGE_MEMBERS,
    p::SPACES_MANAGE_INVITES,
    p::SPACES_MANAGE_RECORDS,
    p::SPACES_MANAGE_CREDENTIALS,
];

/// The four templates, from least to most; each holds what the one before it holds.
#[must_use]
pub fn templates() -> [Template; 4] {
    let viewer = VIEWER.to_vec();
    let operator = [&viewer[..], &OPERATOR_ADDS].concat();
    let manager = [&operator[..], &MANAGER_ADDS].concat();
    let full_access = PERMISSIONS.iter().map(|info| info.permission).collect();
    [
        Template { key: "viewer", label: "Viewer", permissions: viewer },
        Template { key: "operator", label: "Operator", permissions: operator },
        Template { key: "manager", label: "Manager", permissions: manager },
        Template { key: "full_access", label: "Full Access", permissions: full_access },
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn templates_are_cumulative_and_manager_lacks_what_the_specification_says() {
        let sets = templates().map(|template| {
            let count = template.permissions.len();
            let set: BTreeSet<_> = template.permissions.into_iter().collect();
            assert_eq!(set.len(), count, "{} lists nothing twice", template.key);
            set
        });
        assert!(sets.is_sorted_by(BTreeSet::is_subset));
        let lacks: Vec<_> = sets[3].difference(&sets[2]).map(|permission| permission.name()).collect();
        let expected = [
            "jobs:create",
            "jobs:manage",
            "jobs:read",
            "records:delete-collection",
            "users:create",
            "users:delete",
            "users:update",
        ];
        assert_eq!(lacks, expected);
    }
}
