//! The resolver finds who is at home here without asking anybody.

use std::sync::Arc;

use identity::{Resolver, ResolverConfig};
use outbound::{Outbound, OutboundConfig};
use repos::LocalAccounts;

use crate::rig::on_each;

#[tokio::test(flavor = "multi_thread")]
async fn local_names_resolve_offline() {
    on_each(|rig| async move {
        let accounts = LocalAccounts::new(&rig.repos);
        let outbound = Outbound::new(OutboundConfig::default()).unwrap();
        // Nothing listens there, and the guard would not go there.
        let config = ResolverConfig::new("http://127.0.0.1:1/".parse().unwrap());
        let local = rig.repos.directory();
        let resolver = Resolver::new(outbound, ResolverConfig { local: Some(Arc::new(local)), ..config });
        for name in ["alice.test", "alice.localhost"] {
            assert!(resolver.resolve_handle(&name.parse().unwrap()).await.is_err(), "nobody yet");
            let did = accounts.create(&name.parse().unwrap(), "a password").await.unwrap();
            assert_eq!(resolver.resolve_handle(&name.parse().unwrap()).await.unwrap(), did);
            let verified = resolver.verified(&name.parse().unwrap()).await.unwrap();
            assert_eq!(verified.shown_handle(), name);
            assert_eq!(verified.identity.pds.as_ref().unwrap().as_str(), "https://hold.example.com/");
            assert!(verified.identity.signing_key.is_some());
            accounts.remove(&did).await.unwrap();
            assert!(resolver.resolve_did(&did).await.is_err(), "and nobody any more");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_instance_hears_of_them() {
    on_each(|rig| async move {
        let other = rig.again().await;
        let stop = tokio_util::sync::CancellationToken::new();
        let task = tokio::spawn(other.repos.task().run(stop.clone()));
        let did = rig.person("alice").await;
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
        while identity::Local::by_did(&other.repos.directory(), &did).is_none() {
            assert!(tokio::time::Instant::now() < deadline, "never heard of");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        other.put(&did, "a", "x").await;
        stop.cancel();
        task.await.unwrap();
    })
    .await;
}
