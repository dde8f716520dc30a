//! An opened database.

use crate::cell::Cell;
use crate::engine::Engine;
use crate::items::{self, lexicon_scripts};
use crate::layout::Layout;
use crate::location::Location;
use crate::plan::Plan;
use crate::row::Row;
use crate::{
    ApiClient, ApiKey, DeadLetter, DelegatedAccount, Domain, EncryptionKey, Error, Items, Labeler, Lexicon,
    LexiconScripts, Script, ScriptVariable, ServiceEntry, ServiceIdentity, Setting, User, VerificationMethod,
};

/// A HappyView database. Everything is read as it was when this was opened.
#[derive(Debug)]
pub struct Source {
    engine: Engine,
    layout: Layout,
    key: Option<EncryptionKey>,
    shown: String,
}

impl Source {
    /// Opens `sqlite://PATH`, the path of a file, or `postgres://…`; secrets open with `key`.
    pub async fn open(url: &str, key: Option<EncryptionKey>) -> Result<Self, Error> {
        let location = Location::parse(url)?;
        let shown = location.display();
        let engine = Engine::open(&location).await?;
        let tables = engine.tables().await;
        let tables = tables.map_err(|message| Error::Open { what: shown.clone(), message })?;
        let layout = Layout::of(tables).ok_or_else(|| Error::Foreign(shown.clone()))?;
        Ok(Self { engine, layout, key, shown })
    }

    /// What was opened, for people: without its password.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Instance settings, the server's own among them.
    #[must_use]
    pub fn settings(&self) -> Items<'_, Setting> {
        Items::new(self, &items::setting::PLAN, Setting::read)
    }

    /// Domains.
    #[must_use]
    pub fn domains(&self) -> Items<'_, Domain> {
        Items::new(self, &items::domain::PLAN, Domain::read)
    }

    /// Users, each with their permissions.
    #[must_use]
    pub fn users(&self) -> Items<'_, User> {
        Items::new(self, &items::user::PLAN, User::read)
    }

    /// API keys, revoked ones among them.
    #[must_use]
    pub fn api_keys(&self) -> Items<'_, ApiKey> {
        Items::new(self, &items::api_key::PLAN, ApiKey::read)
    }

    /// API clients; those that have a parent come after those that have none.
    #[must_use]
    pub fn api_clients(&self) -> Items<'_, ApiClient> {
        Items::new(self, &items::api_client::PLAN, ApiClient::read)
    }

    /// Shared accounts, each with those who may write to it.
    #[must_use]
    pub fn delegated_accounts(&self) -> Items<'_, DelegatedAccount> {
        Items::new(self, &items::delegated_account::PLAN, DelegatedAccount::read)
    }

    /// Script variables.
    #[must_use]
    pub fn script_variables(&self) -> Items<'_, ScriptVariable> {
        Items::new(self, &items::script_variable::PLAN, ScriptVariable::read)
    }

    /// Scripts by trigger, as 2.9 and later keep them.
    #[must_use]
    pub fn scripts(&self) -> Items<'_, Script> {
        Items::new(self, &items::script::PLAN, Script::read)
    }

    /// Scripts in the columns of lexicons, as versions before 2.9 kept them.
    #[must_use]
    pub fn lexicon_scripts(&self) -> Items<'_, LexiconScripts> {
        Items::new(self, &lexicon_scripts::PLAN, LexiconScripts::read)
    }

    /// Lexicons.
    #[must_use]
    pub fn lexicons(&self) -> Items<'_, Lexicon> {
        Items::new(self, &items::lexicon::PLAN, Lexicon::read)
    }

    /// Labelers that are subscribed to.
    #[must_use]
    pub fn labelers(&self) -> Items<'_, Labeler> {
        Items::new(self, &items::labeler::PLAN, Labeler::read)
    }

    /// Events whose script failed for good.
    #[must_use]
    pub fn dead_letters(&self) -> Items<'_, DeadLetter> {
        Items::new(self, &items::dead_letter::PLAN, DeadLetter::read)
    }

    /// The same of index hooks, as versions before 2.9 had them.
    #[must_use]
    pub fn dead_letter_hooks(&self) -> Items<'_, DeadLetter> {
        Items::new(self, &items::dead_letter_hook::PLAN, items::dead_letter_hook::read)
    }

    /// Services of the DID document.
    #[must_use]
    pub fn service_entries(&self) -> Items<'_, ServiceEntry> {
        Items::new(self, &items::service_entry::PLAN, ServiceEntry::read)
    }

    /// Further keys of the DID document.
    #[must_use]
    pub fn verification_methods(&self) -> Items<'_, VerificationMethod> {
        Items::new(self, &items::verification_method::PLAN, VerificationMethod::read)
    }

    /// Who the server is to the network: one at most.
    #[must_use]
    pub fn service_identity(&self) -> Items<'_, ServiceIdentity> {
        Items::new(self, &items::service_identity::PLAN, ServiceIdentity::read)
    }

    /// How many records only scripts have made: they are in nobody's repository. Looks at every record.
    pub async fn local_records(&self) -> Result<u64, Error> {
        const LOCAL: Plan = Plan { only_null: Some("cid"), ..Plan::new("records", &[]) };
        self.count(&LOCAL).await
    }

    /// Rows of a table, named without its prefix; none where there is no such table.
    pub async fn rows(&self, table: &'static str) -> Result<u64, Error> {
        self.count(&Plan::new(table, &[])).await
    }

    pub(crate) fn key(&self) -> Option<&EncryptionKey> {
        self.key.as_ref()
    }

    pub(crate) async fn count(&self, plan: &Plan) -> Result<u64, Error> {
        let Some(sql) = self.layout.count(plan) else { return Ok(0) };
        let rows = self.engine.rows(sql).await;
        let rows = rows.map_err(|message| Error::Read { table: plan.table, message })?;
        Ok(match rows.first().and_then(|row| row.first()) {
            Some(Cell::Int(count)) => u64::try_from(*count).unwrap_or_default(),
            _ => 0,
        })
    }

    pub(crate) async fn page(&self, plan: &Plan, limit: u64, offset: u64) -> Result<Vec<Row>, Error> {
        let Some((sql, names)) = self.layout.select(plan, limit, offset) else { return Ok(Vec::new()) };
        let rows = self.engine.rows(sql).await;
        let rows = rows.map_err(|message| Error::Read { table: plan.table, message })?;
        Ok(rows.into_iter().map(|cells| Row::new(names.iter().copied().zip(cells))).collect())
    }
}
