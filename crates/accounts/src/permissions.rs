//! Every permission there is (spec/appview.md §4.1).

use server::Permission;

use crate::Error;

/// A permission as people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermissionInfo {
    /// The permission.
    pub permission: Permission,
    /// A short name, e.g. `Read lexicons`.
    pub name: &'static str,
    /// What its holder may do.
    pub description: &'static str,
    /// The heading it is listed under.
    pub category: &'static str,
}

/// Declares each permission once: its constant, documented by its description, and its row in the table.
macro_rules! permissions {
    ($($category:literal { $($constant:ident = $wire:literal, $name:literal, $description:literal;)* })*) => {
        $($(
            #[doc = concat!("`", $wire, "`: ", $description)]
            pub const $constant: Permission = Permission::new($wire);
        )*)*

        /// All permissions, by category, in the order of the specification.
        pub static PERMISSIONS: &[PermissionInfo] = &[$($(
            PermissionInfo { permission: $constant, name: $name, description: $description, category: $category },
        )*)*];
    };
}

permissions! {
    "Lexicons" {
        LEXICONS_CREATE = "lexicons:create", "Create lexicons",
            "Add and replace lexicons, from a file or the network.";
        LEXICONS_READ = "lexicons:read", "Read lexicons",
            "List lexicons and read their definitions.";
        LEXICONS_DELETE = "lexicons:delete", "Delete lexicons",
            "Remove lexicons; indexed records stay.";
    }
    "Records" {
        RECORDS_READ = "records:read", "Read records",
            "Browse the indexed records with their labels.";
        RECORDS_DELETE = "records:delete", "Delete records",
            "Remove single records from this server.";
        RECORDS_DELETE_COLLECTION = "records:delete-collection", "Delete collections",
            "Remove all records of a collection from this server.";
    }
    "Scripts" {
        SCRIPTS_READ = "scripts:read", "Read scripts",
            "List scripts and read their source.";
        SCRIPTS_MANAGE = "scripts:manage", "Manage scripts",
            "Create, change and delete scripts.";
    }
    "Script variables" {
        SCRIPT_VARIABLES_CREATE = "script-variables:create", "Set script variables",
            "Create and replace the values scripts can read.";
        SCRIPT_VARIABLES_READ = "script-variables:read", "Read script variables",
            "List script variables with masked values.";
        SCRIPT_VARIABLES_DELETE = "script-variables:delete", "Delete script variables",
            "Remove script variables.";
    }
    "Users" {
        USERS_CREATE = "users:create", "Create users",
            "Add users with permissions one holds oneself.";
        USERS_READ = "users:read", "Read users",
            "List users and what they may do.";
        USERS_UPDATE = "users:update", "Change users",
            "Grant others permissions one holds oneself, and revoke permissions.";
        USERS_DELETE = "users:delete", "Delete users",
            "Remove other users.";
    }
    "API keys" {
        API_KEYS_CREATE = "api-keys:create", "Create API keys",
            "Make API keys with permissions one holds oneself.";
        API_KEYS_READ = "api-keys:read", "Read API keys",
            "List one's own API keys.";
        API_KEYS_DELETE = "api-keys:delete", "Revoke API keys",
            "Revoke one's own API keys.";
    }
    "Backfill" {
        BACKFILL_CREATE = "backfill:create", "Run backfills",
            "Start, pause, resume and cancel backfill jobs.";
        BACKFILL_READ = "backfill:read", "Watch backfills",
            "See backfill jobs and their progress.";
    }
    "Jobs" {
        JOBS_READ = "jobs:read", "Read jobs",
            "List background jobs and read their results.";
        JOBS_CREATE = "jobs:create", "Create jobs",
            "Start background jobs.";
        JOBS_MANAGE = "jobs:manage", "Manage jobs",
            "Pause, resume and cancel background jobs.";
    }
    "Labelers" {
        LABELERS_CREATE = "labelers:create", "Add labelers",
            "Subscribe to labelers, pause and resume them.";
        LABELERS_READ = "labelers:read", "Read labelers",
            "List labelers and their state.";
        LABELERS_DELETE = "labelers:delete", "Delete labelers",
            "Unsubscribe from labelers and drop their labels.";
    }
    "Settings" {
        SETTINGS_MANAGE = "settings:manage", "Manage settings",
            "Read and change settings, domains and the service identity.";
    }
    "Plugins" {
        PLUGINS_READ = "plugins:read", "Read plugins",
            "List plugins and their configuration.";
        PLUGINS_CREATE = "plugins:create", "Install plugins",
            "Install and configure plugins.";
        PLUGINS_DELETE = "plugins:delete", "Remove plugins",
            "Uninstall plugins.";
    }
    "API clients" {
        API_CLIENTS_VIEW = "api-clients:view", "View API clients",
            "List API clients and their settings.";
        API_CLIENTS_CREATE = "api-clients:create", "Create API clients",
            "Register API clients.";
        API_CLIENTS_EDIT = "api-clients:edit", "Edit API clients",
            "Change and deactivate API clients.";
        API_CLIENTS_DELETE = "api-clients:delete", "Delete API clients",
            "Remove API clients with their sessions.";
    }
    "Dead letters" {
        DEAD_LETTERS_READ = "dead-letters:read", "Read dead letters",
            "See what scripts failed to process.";
        DEAD_LETTERS_MANAGE = "dead-letters:manage", "Manage dead letters",
            "Retry, reindex and dismiss dead letters.";
    }
    "Spaces" {
        SPACES_CREATE = "spaces:create", "Create spaces",
            "Create permissioned spaces.";
        SPACES_READ = "spaces:read", "Read spaces",
            "List permissioned spaces.";
        SPACES_UPDATE = "spaces:update", "Change spaces",
            "Change the settings of permissioned spaces.";
        SPACES_DELETE = "spaces:delete", "Delete spaces",
            "Delete permissioned spaces.";
        SPACES_MANAGE_MEMBERS = "spaces:manage-members", "Manage space members",
            "Add and remove members of spaces.";
        SPACES_MANAGE_INVITES = "spaces:manage-invites", "Manage space invites",
            "Create and revoke invitations to spaces.";
        SPACES_MANAGE_RECORDS = "spaces:manage-records", "Manage space records",
            "Write and delete records in spaces.";
        SPACES_MANAGE_CREDENTIALS = "spaces:manage-credentials", "Manage space credentials",
            "Issue and revoke credentials for spaces.";
    }
    "System" {
        STATS_READ = "stats:read", "Read statistics",
            "See how many records each collection holds.";
        EVENTS_READ = "events:read", "Read events",
            "Read the event log.";
    }
}

/// The permission of a wire name, if there is one.
#[must_use]
pub fn permission(name: &str) -> Option<Permission> {
    PERMISSIONS.iter().map(|info| info.permission).find(|permission| permission.name() == name)
}

/// The permissions of wire names, as written by somebody who must not be misunderstood: an unknown name is an error.
pub fn parse<S: AsRef<str>>(names: &[S]) -> Result<Vec<Permission>, Error> {
    let known = |name: &S| {
        permission(name.as_ref()).ok_or_else(|| Error::UnknownPermission(name.as_ref().to_owned()))
    };
    names.iter().map(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_46_different_permissions_in_15_categories() {
        let mut names: Vec<_> = PERMISSIONS.iter().map(|info| info.permission).collect();
        names.sort();
        names.dedup();
        assert_eq!((PERMISSIONS.len(), names.len()), (46, 46));
        let per_category = PERMISSIONS.chunk_by(|a, b| a.category == b.category).map(<[_]>::len);
        assert_eq!(per_category.collect::<Vec<_>>(), [3, 3, 2, 3, 4, 3, 2, 3, 3, 1, 3, 4, 2, 8, 2]);
    }

    #[test]
    fn unknown_names_are_refused_by_name() {
        assert_eq!(parse(&["stats:read", "lexicons:read"]).unwrap(), [STATS_READ, LEXICONS_READ]);
        for unknown in ["", "lexicons", "lexicons:Read", "lexicons:read ", "*", "lexicons:write"] {
            let error = parse(&["lexicons:read", unknown]).unwrap_err();
            assert!(matches!(&error, Error::UnknownPermission(name) if name == unknown), "{error}");
        }
    }
}
