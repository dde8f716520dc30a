//! An app and its users' devices, as this server sees them.

use std::ops::Deref;

use accounts::{
    clients::NewClientCredentials,
    pds::{Holder, NewPdsSession},
};
use atproto::Did;
use store::v;
pub(crate) use testkit::Device;

use super::site::{NOWHERE, Site};

/// The access token that devices of tests present. Nobody looks at it.
pub(crate) const TOKEN: &str = "an-access-token";

/// Of every public client's keys.
pub(crate) const VERIFIER: &str = testkit::App::VERIFIER;

/// An app.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) client: NewClientCredentials,
    app: testkit::App,
}

impl App {
    pub(crate) fn new(site: &Site, client: NewClientCredentials) -> Self {
        let (key, secret) = (&client.client.client_key, client.client_secret.as_deref());
        Self { app: testkit::App::new(&site.origin, &site.http, key, secret), client }
    }

    /// An app that was just registered with the server.
    pub(crate) async fn start(site: &Site, name: &str, client_type: &str) -> Self {
        Self::new(site, site.client(name, client_type).await)
    }

    /// The app at another instance.
    pub(crate) fn at(&self, site: &Site) -> Self {
        Self::new(site, self.client.clone())
    }

    /// A device of somebody whose PDS is nowhere. What the registration would have checked there is not what the test
    /// is about.
    pub(crate) async fn device(&self, site: &Site, did: &str) -> Device {
        let (provision_id, key) = self.provision().await;
        let bound = "UPDATE dpop_keys SET did = $2 WHERE provision_id = $1";
        assert_eq!(site.sql(bound, &[&provision_id, did]).await, 1);
        let wanted = provision_id.clone();
        let key_id = site.state.read(move |conn| {
            let sql = "SELECT id FROM dpop_keys WHERE provision_id = $1";
            conn.query_one::<_, store::Error>(sql, &[v(&wanted)], |row| row.string(0))
        });
        let session = NewPdsSession {
            did: Did::parse(did).unwrap(),
            holder: Holder::Device {
                api_client_id: self.client.client.id.clone(),
                dpop_key_id: key_id.await.unwrap(),
            },
            client_id: self.client.client.client_id_url.clone(),
            issuer: NOWHERE.to_owned(),
            pds: NOWHERE.parse().unwrap(),
            scopes: "atproto transition:generic".to_owned(),
            key: key.clone(),
            access_token: TOKEN.to_owned(),
            refresh_token: None,
            expires_at: None,
        };
        let session_id = site.accounts.pds_sessions.save(session).await.unwrap();
        self.app.device(&provision_id, key, &session_id, TOKEN)
    }

    /// A device whose session is there.
    pub(crate) fn signed_in(
        &self,
        provision_id: &str,
        key: atproto::jose::PrivateJwk,
        session_id: &str,
    ) -> Device {
        self.app.device(provision_id, key, session_id, TOKEN)
    }
}

impl Deref for App {
    type Target = testkit::App;

    fn deref(&self) -> &testkit::App {
        &self.app
    }
}
