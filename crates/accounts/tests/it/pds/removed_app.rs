//! When an app is removed, the PDSes of its users hear that its sessions are over.

use std::{collections::BTreeSet, time::Duration};

use accounts::{
    clients::NewClient,
    pds::{Holder, NewPdsSession},
};
use atproto::{Did, jose::PrivateJwk};
use store::v;
use tokio::time::{sleep, timeout};

use super::{
    fake::{Fake, MALLORY},
    site::{Site, Surroundings},
};
use crate::support::on_each_engine;

const REVOKE: &str = "/oauth/revoke";

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_a_removed_app_and_of_its_children_are_revoked() {
    on_each_engine(async |store| {
        let fake = Fake::start().await;
        let surroundings = Surroundings {
            plc: fake.origin().parse().unwrap(),
            handles: None,
            patience: Duration::from_secs(2),
        };
        let site = Site::start(&surroundings, &store).await;
        let [parent, child, other] = ["parent", "child", "other"];
        for name in [parent, child, other] {
            app(&site, &fake, name).await;
        }
        let adopt = "UPDATE api_clients SET parent_client_id = (SELECT id FROM api_clients WHERE name = 'parent') \
                     WHERE name = 'child'";
        assert_eq!(site.sql(adopt, None).await, 1);

        let clients = &site.accounts.clients;
        let listed = clients.list(None).await.unwrap();
        let removed = listed.iter().find(|client| client.name == parent).unwrap();
        clients.remove(None, &removed.id).await.unwrap();
        let both = async {
            while fake.asked(REVOKE).len() < 2 {
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(Duration::from_secs(10), both).await.unwrap();
        let told: BTreeSet<_> = fake.asked(REVOKE).iter().map(|asked| asked.form["token"].clone()).collect();
        assert_eq!(told, BTreeSet::from(["refresh-child".to_owned(), "refresh-parent".to_owned()]));
        assert_eq!(site.sql("UPDATE pds_sessions SET updated_at = 1", None).await, 1, "the other one's is left");
        site.stop().await;
    })
    .await;
}

/// An app with one session.
async fn app(site: &Site, fake: &Fake, name: &str) {
    let url = format!("https://{name}.example.com");
    let new = NewClient {
        name: name.to_owned(),
        client_id_url: format!("{url}/client.json"),
        client_uri: url,
        redirect_uris: Vec::new(),
        scopes: None,
        client_type: None,
        allowed_origins: None,
        rate_limit_capacity: None,
        rate_limit_refill_rate: None,
    };
    let client = site.accounts.clients.create(None, new).await.unwrap().client;
    let (key_id, client_id) = (format!("key of {name}"), client.id.clone());
    let row = key_id.clone();
    let key = site.store.state.write(move |conn| {
        conn.execute(
            "INSERT INTO dpop_keys (id, provision_id, api_client_id, private_key_enc, jwk_thumbprint, created_at) \
             VALUES ($1, $1, $2, $3, $1, 9000000000000000)",
            &[v(&row), v(&client_id), v(&b"sealed"[..])],
        )
    });
    assert_eq!(key.await.unwrap(), 1);
    let session = NewPdsSession {
        did: Did::parse(MALLORY).unwrap(),
        holder: Holder::Device { api_client_id: client.id, dpop_key_id: key_id },
        client_id: client.client_id_url,
        issuer: fake.origin(),
        pds: fake.origin().parse().unwrap(),
        scopes: "atproto".into(),
        key: PrivateJwk::generate(),
        access_token: "access".into(),
        refresh_token: Some(format!("refresh-{name}")),
        expires_at: None,
    };
    site.accounts.pds_sessions.save(session).await.unwrap();
}
