//! API clients, and the accounts that are shared in them.

use accounts::clients::{ClientRegistry, ImportedClient, ImportedDelegate, ImportedDelegation, NewClient};
use anyhow::Result;
use atproto::Did;

use super::kind::Kind;
use super::run::{Run, Taken, settled};

impl Run<'_> {
    pub(super) async fn api_clients(&mut self) -> Result<()> {
        let mut kind = Kind::new("API clients");
        let (clients, existing) = (self.clients(), self.existing);
        let take = async |client: happyview::ApiClient, kind: &mut Kind| {
            if client.client_secret_hash.is_none() && client.client_type.as_deref() != Some("public") {
                kind.note(&client.name, "it has no secret, so it cannot prove itself; make it a new client");
            }
            let help = || "register it anew: belvedere client create --help".to_owned();
            settled(clients.import(imported(client), existing).await, help)
        };
        let items = self.source.api_clients();
        self.each(&mut kind, items, |client| client.name.clone(), take).await?;
        self.report.add(kind);
        Ok(())
    }

    pub(super) async fn delegated_accounts(&mut self) -> Result<()> {
        let mut kind = Kind::new("shared accounts");
        let (clients, existing) = (self.clients(), self.existing);
        let take = async |account: happyview::DelegatedAccount, _: &mut Kind| {
            let help = "its owner can share it again in the app";
            match delegation(account) {
                Ok(new) => settled(clients.import_delegation(new, existing).await, || help.to_owned()),
                Err(reason) => Ok(Taken::skipped(reason, help)),
            }
        };
        let items = self.source.delegated_accounts();
        self.each(&mut kind, items, |account| account.account_did.clone(), take).await?;
        self.report.add(kind);
        Ok(())
    }

    fn clients(&self) -> ClientRegistry {
        ClientRegistry::new(self.target.store.state.clone(), self.log.clone())
    }
}

fn imported(client: happyview::ApiClient) -> ImportedClient {
    let did = |text: Option<String>| text.and_then(|text| Did::parse(&text).ok());
    ImportedClient {
        id: client.id,
        client_key: client.client_key,
        client_secret_hash: client.client_secret_hash,
        new: NewClient {
            name: client.name,
            client_id_url: client.client_id_url,
            client_uri: client.client_uri,
            redirect_uris: client.redirect_uris,
            scopes: client.scopes,
            client_type: client.client_type,
            allowed_origins: client.allowed_origins,
            rate_limit_capacity: client.rate_limit_capacity,
            rate_limit_refill_rate: client.rate_limit_refill_rate,
        },
        is_active: client.is_active,
        created_by: did(client.created_by),
        parent_client_key: client.parent_client_key,
        owner: did(client.owner_did),
        created_at: client.created_at,
        updated_at: client.updated_at,
    }
}

fn delegation(account: happyview::DelegatedAccount) -> Result<ImportedDelegation, String> {
    let did = |text: &str| Did::parse(text).map_err(|error| error.to_string());
    let linked_by = did(&account.linked_by)?;
    let delegates = account.delegates.into_iter().map(|delegate| {
        let granted_by = delegate.granted_by.as_deref().map(did).transpose()?;
        Ok::<_, String>(ImportedDelegate {
            user: did(&delegate.user_did)?,
            role: delegate.role.parse().map_err(|_| format!("there is no role {:?}", delegate.role))?,
            granted_by: granted_by.unwrap_or_else(|| linked_by.clone()),
            created_at: delegate.created_at,
        })
    });
    Ok(ImportedDelegation {
        account: did(&account.account_did)?,
        client_key: account.client_key,
        delegates: delegates.collect::<Result<_, _>>()?,
        linked_by,
        created_at: account.created_at,
    })
}
