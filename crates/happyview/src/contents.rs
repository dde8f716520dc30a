//! Everything that can be read of a database, kind by kind.

use crate::items::{
    api_client, api_key, dead_letter, dead_letter_hook, delegated_account, domain, labeler, lexicon,
    lexicon_scripts, local_record, script, script_variable, service_entry, service_identity, setting, user,
    verification_method,
};
use crate::{
    ApiClient, ApiKey, DeadLetter, DelegatedAccount, Domain, Items, Labeler, Lexicon, LexiconScripts,
    LocalRecord, Script, ScriptVariable, ServiceEntry, ServiceIdentity, Setting, Source, User,
    VerificationMethod,
};

impl Source {
    /// Instance settings, the server's own among them.
    #[must_use]
    pub fn settings(&self) -> Items<'_, Setting> {
        Items::new(self, &setting::PLAN, Setting::read)
    }

    /// Domains.
    #[must_use]
    pub fn domains(&self) -> Items<'_, Domain> {
        Items::new(self, &domain::PLAN, Domain::read)
    }

    /// Users, each with their permissions.
    #[must_use]
    pub fn users(&self) -> Items<'_, User> {
        Items::new(self, &user::PLAN, User::read)
    }

    /// API keys, revoked ones among them.
    #[must_use]
    pub fn api_keys(&self) -> Items<'_, ApiKey> {
        Items::new(self, &api_key::PLAN, ApiKey::read)
    }

    /// API clients; those that have a parent come after those that have none.
    #[must_use]
    pub fn api_clients(&self) -> Items<'_, ApiClient> {
        Items::new(self, &api_client::PLAN, ApiClient::read)
    }

    /// Shared accounts, each with those who may write to it.
    #[must_use]
    pub fn delegated_accounts(&self) -> Items<'_, DelegatedAccount> {
        Items::new(self, &delegated_account::PLAN, DelegatedAccount::read)
    }

    /// Script variables.
    #[must_use]
    pub fn script_variables(&self) -> Items<'_, ScriptVariable> {
        Items::new(self, &script_variable::PLAN, ScriptVariable::read)
    }

    /// Scripts by trigger, as 2.9 and later keep them.
    #[must_use]
    pub fn scripts(&self) -> Items<'_, Script> {
        Items::new(self, &script::PLAN, Script::read)
    }

    /// Scripts in the columns of lexicons, as versions before 2.9 kept them.
    #[must_use]
    pub fn lexicon_scripts(&self) -> Items<'_, LexiconScripts> {
        Items::new(self, &lexicon_scripts::PLAN, LexiconScripts::read)
    }

    /// Lexicons.
    #[must_use]
    pub fn lexicons(&self) -> Items<'_, Lexicon> {
        Items::new(self, &lexicon::PLAN, Lexicon::read)
    }

    /// Labelers that are subscribed to.
    #[must_use]
    pub fn labelers(&self) -> Items<'_, Labeler> {
        Items::new(self, &labeler::PLAN, Labeler::read)
    }

    /// Events whose script failed for good.
    #[must_use]
    pub fn dead_letters(&self) -> Items<'_, DeadLetter> {
        Items::new(self, &dead_letter::PLAN, DeadLetter::read)
    }

    /// The same of index hooks, as versions before 2.9 had them.
    #[must_use]
    pub fn dead_letter_hooks(&self) -> Items<'_, DeadLetter> {
        Items::new(self, &dead_letter_hook::PLAN, dead_letter_hook::read)
    }

    /// Records that only scripts have made: they are in nobody's repository. Looks at every record.
    #[must_use]
    pub fn local_records(&self) -> Items<'_, LocalRecord> {
        Items::new(self, &local_record::PLAN, LocalRecord::read)
    }

    /// Services of the DID document.
    #[must_use]
    pub fn service_entries(&self) -> Items<'_, ServiceEntry> {
        Items::new(self, &service_entry::PLAN, ServiceEntry::read)
    }

    /// Further keys of the DID document.
    #[must_use]
    pub fn verification_methods(&self) -> Items<'_, VerificationMethod> {
        Items::new(self, &verification_method::PLAN, VerificationMethod::read)
    }

    /// Who the server is to the network: one at most.
    #[must_use]
    pub fn service_identity(&self) -> Items<'_, ServiceIdentity> {
        Items::new(self, &service_identity::PLAN, ServiceIdentity::read)
    }
}
