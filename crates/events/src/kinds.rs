//! Every type of event there is (spec/appview.md §8.2), and our own: that events were taken out, and what an operator does to
//! accounts of the relay and the registry.

use crate::Kind;

/// Declares each kind once: its constant, documented by its wire name, and its place in the table.
macro_rules! kinds {
    ($($constant:ident = $weight:ident $wire:literal;)*) => {
        $(
            #[doc = concat!("`", $wire, "`")]
            pub const $constant: Kind = Kind::$weight($wire);
        )*

        /// All kinds, by category, in the order of the specification, our own last.
        pub static KINDS: &[Kind] = &[$($constant,)*];
    };
}

kinds! {
    LEXICON_CREATED = info "lexicon.created";
    LEXICON_UPDATED = info "lexicon.updated";
    LEXICON_DELETED = info "lexicon.deleted";
    RECORD_CREATED = verbose "record.created";
    RECORD_DELETED = verbose "record.deleted";
    RECORD_SKIPPED = info "record.skipped";
    RECORD_CID_MISMATCH = warn "record.cid_mismatch";
    SCRIPT_CREATED = info "script.created";
    SCRIPT_UPDATED = info "script.updated";
    SCRIPT_DELETED = info "script.deleted";
    SCRIPT_EXECUTED = verbose "script.executed";
    SCRIPT_ERROR = error "script.error";
    SCRIPT_LOG = info "script.log";
    SCRIPT_DEAD_LETTERED = error "script.dead_lettered";
    SCRIPT_VARIABLE_UPSERTED = info "script_variable.upserted";
    SCRIPT_VARIABLE_DELETED = info "script_variable.deleted";
    USER_BOOTSTRAPPED = info "user.bootstrapped";
    USER_CREATED = info "user.created";
    USER_DELETED = info "user.deleted";
    USER_PERMISSIONS_UPDATED = info "user.permissions_updated";
    USER_SUPER_TRANSFERRED = warn "user.super_transferred";
    AUTH_PERMISSION_DENIED = error "auth.permission_denied";
    API_KEY_CREATED = info "api_key.created";
    API_KEY_REVOKED = info "api_key.revoked";
    API_CLIENT_CREATED = info "api_client.created";
    API_CLIENT_UPDATED = info "api_client.updated";
    API_CLIENT_DELETED = info "api_client.deleted";
    DPOP_KEY_PROVISIONED = info "dpop_key.provisioned";
    DPOP_SESSION_CREATED = info "dpop_session.created";
    DPOP_SESSION_DELETED = info "dpop_session.deleted";
    DPOP_SESSION_DEVICE_DELETED = info "dpop_session.device_deleted";
    DELEGATION_ACCOUNT_LINKED = info "delegation.account_linked";
    DELEGATION_ACCOUNT_UNLINKED = info "delegation.account_unlinked";
    DELEGATION_DELEGATE_ADDED = info "delegation.delegate_added";
    DELEGATION_DELEGATE_REMOVED = info "delegation.delegate_removed";
    BACKFILL_STARTED = info "backfill.started";
    BACKFILL_COMPLETED = info "backfill.completed";
    BACKFILL_FAILED = error "backfill.failed";
    BACKFILL_PAUSING = info "backfill.pausing";
    BACKFILL_RESUMED = info "backfill.resumed";
    BACKFILL_CANCELLING = info "backfill.cancelling";
    BACKFILL_CANCELLED = info "backfill.cancelled";
    JOB_STARTED = info "job.started";
    JOB_COMPLETED = info "job.completed";
    JOB_FAILED = error "job.failed";
    JOB_PAUSED = info "job.paused";
    JOB_CANCELLED = info "job.cancelled";
    JETSTREAM_CONNECTED = info "jetstream.connected";
    JETSTREAM_DISCONNECTED = warn "jetstream.disconnected";
    LABELER_ADDED = info "labeler.added";
    LABELER_UPDATED = info "labeler.updated";
    LABELER_DELETED = info "labeler.deleted";
    LABELER_CONNECTED = info "labeler.connected";
    LABELER_DISCONNECTED = info "labeler.disconnected";
    DOMAIN_CREATED = info "domain.created";
    DOMAIN_DELETED = info "domain.deleted";
    DOMAIN_PRIMARY_CHANGED = info "domain.primary_changed";
    SETTING_UPDATED = info "setting.updated";
    SETTING_DELETED = info "setting.deleted";
    SERVICE_AUTH_ACCESS_DENIED = error "service_auth.access_denied";
    SERVICE_IDENTITY_UPDATED = info "service_identity.updated";
    SERVICE_ENTRY_CREATED = info "service_entry.created";
    SERVICE_ENTRY_UPDATED = info "service_entry.updated";
    SERVICE_ENTRY_DELETED = info "service_entry.deleted";
    SERVICE_ENTRY_PLC_SYNCED = info "service_entry.plc_synced";
    VERIFICATION_METHOD_CREATED = info "verification_method.created";
    VERIFICATION_METHOD_DELETED = info "verification_method.deleted";
    SETUP_COMPLETED = info "setup.completed";
    EVENT_LOG_PURGED = warn "event_log.purged";
    COMMIT_REFUSED = warn "commit.refused";
    RELAY_ACCOUNT_DELETED = warn "relay_account.deleted";
    RELAY_ACCOUNT_TOKENS_REVOKED = warn "relay_account.tokens_revoked";
    REGISTRY_ACCOUNT_CREATED = info "registry_account.created";
    REGISTRY_ACCOUNT_PASSWORD_SET = warn "registry_account.password_set";
    REGISTRY_ACCOUNT_DELETED = warn "registry_account.deleted";
    REGISTRY_CREW_TAKEN_ON = info "registry_crew.taken_on";
    REGISTRY_CREW_LET_GO = info "registry_crew.let_go";
    REGISTRY_COLLECTION_STARTED = info "registry_collection.started";
    SOCIAL_ROLE_CHANGED = warn "social.role_changed";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_one_category_and_one_action_each() {
        let names: BTreeSet<_> = KINDS.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), KINDS.len());
        for name in names {
            let words: Vec<_> = name.split('.').collect();
            let plain =
                |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            assert!(words.len() == 2 && words.into_iter().all(plain), "{name}");
        }
    }
}
