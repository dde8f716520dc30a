//! Taking over what another server kept.

use accounts::clients::{
    ClientRegistry, ImportedClient, ImportedDelegate, ImportedDelegation, NewClient, Role,
};
use accounts::service::{Fragment, ImportedIdentity, ImportedMethod, Mode, ServiceError, ServiceImport};
use accounts::users::ImportedUser;
use accounts::{ApiKeys, Error, Existing, Imported, ImportedKey, Vault, VaultConfig, permissions};
use atproto::crypto::PrivateKey;
use aws_lc_rs::digest;
use time::macros::datetime;

use crate::support::{Log, Server, did, on_each_engine, users};

fn user(id: &str, name: &str, is_super: bool) -> ImportedUser {
    ImportedUser {
        id: id.to_owned(),
        did: did(name),
        is_super,
        permissions: vec![permissions::STATS_READ],
        created_at: Some(datetime!(2026-01-02 03:04:05 UTC)),
        last_used_at: None,
    }
}

fn key(id: &str, secret: &str) -> ImportedKey {
    let hash = digest::digest(&digest::SHA256, secret.as_bytes());
    ImportedKey {
        id: id.to_owned(),
        owner: did("alice"),
        name: "laptop".to_owned(),
        key_hash: data_encoding::HEXUPPER.encode(hash.as_ref()),
        key_prefix: secret.to_owned(),
        permissions: vec![permissions::STATS_READ, permissions::USERS_READ],
        created_at: None,
        last_used_at: None,
        revoked_at: None,
    }
}

fn client(id: &str, key: &str, name: &str) -> ImportedClient {
    ImportedClient {
        id: id.to_owned(),
        client_key: key.to_owned(),
        client_secret_hash: Some("ab".repeat(32)),
        new: NewClient {
            name: name.to_owned(),
            client_id_url: format!("https://{name}.example.com/client.json"),
            client_uri: format!("https://{name}.example.com"),
            redirect_uris: Vec::new(),
            scopes: None,
            client_type: None,
            allowed_origins: None,
            rate_limit_capacity: None,
            rate_limit_refill_rate: None,
        },
        is_active: true,
        created_by: None,
        parent_client_key: None,
        owner: None,
        created_at: Some(datetime!(2026-01-02 03:04:05 UTC)),
        updated_at: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_keep_their_id_and_there_is_one_super_user() {
    on_each_engine(async |store| {
        let (users, _) = users(&store);
        let done = users.import(user("a", "alice", true), Existing::Keep).await.unwrap();
        assert_eq!((done.imported, done.is_super), (Imported::Added, true));
        let done = users.import(user("a", "bob", true), Existing::Keep).await.unwrap();
        assert_eq!((done.imported, done.is_super), (Imported::Added, false));
        let [alice, bob] = ["alice", "bob"].map(did);
        let alice = users.find(&alice).await.unwrap().unwrap();
        let bob = users.find(&bob).await.unwrap().unwrap();
        assert_eq!((&*alice.id, alice.created_at), ("a", datetime!(2026-01-02 03:04:05 UTC)));
        assert_ne!(bob.id, "a", "that is taken");

        let more = ImportedUser { permissions: vec![permissions::USERS_READ], ..user("z", "bob", false) };
        let kept = users.import(more.clone(), Existing::Keep).await.unwrap();
        assert_eq!(kept.imported, Imported::Kept);
        assert_eq!(users.get(&bob.id).await.unwrap().permissions, [permissions::STATS_READ]);
        let replaced = users.import(more, Existing::Replace).await.unwrap();
        assert_eq!(replaced.imported, Imported::Replaced);
        assert_eq!(users.get(&bob.id).await.unwrap().permissions, [permissions::USERS_READ]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_goes_on_working_and_does_no_more_than_its_owner() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let (users, _) = users(&store);
        let keys = ApiKeys::new(&users);
        let orphan = keys.import(key("k", "hv_1"), Existing::Keep).await;
        assert!(matches!(orphan, Err(Error::NoSuchOwner(_))), "{orphan:?}");
        users.import(user("a", "alice", false), Existing::Keep).await.unwrap();
        assert_eq!(keys.import(key("k", "hv_1"), Existing::Keep).await.unwrap(), Imported::Added);
        assert_eq!(keys.import(key("k", "hv_2"), Existing::Keep).await.unwrap(), Imported::Added);
        assert_eq!(keys.import(key("k", "hv_1"), Existing::Keep).await.unwrap(), Imported::Kept);
        for secret in ["hv_1", "hv_2"] {
            assert_eq!(server.status_of(permissions::STATS_READ, secret).await, 200);
            assert_eq!(server.status_of(permissions::USERS_READ, secret).await, 403);
        }
        for bad in ["", "abc", &"zz".repeat(32), &"ab".repeat(31)] {
            let refused = ImportedKey { key_hash: bad.to_owned(), ..key("k", "") };
            assert!(matches!(keys.import(refused, Existing::Keep).await, Err(Error::KeyHash)), "{bad}");
        }

        // What was revoked on either side stays so.
        let revoked_at = Some(datetime!(2026-02-02 03:04:05 UTC));
        let revoked = ImportedKey { revoked_at, ..key("k", "hv_1") };
        assert_eq!(server.keys.import(revoked, Existing::Replace).await.unwrap(), Imported::Replaced);
        assert_eq!(
            server.keys.import(key("k", "hv_1"), Existing::Replace).await.unwrap(),
            Imported::Replaced
        );
        assert_eq!(server.status_of(permissions::STATS_READ, "hv_1").await, 401);
        assert_eq!(server.status_of(permissions::STATS_READ, "hv_2").await, 200);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_keep_their_names_and_parents() {
    on_each_engine(async |store| {
        let clients = ClientRegistry::new(store.state.clone(), Log::open(&store).events);
        let child = ImportedClient {
            parent_client_key: Some("hvc_1".to_owned()),
            owner: Some(did("bob")),
            ..client("c", "hvc_2", "child")
        };
        assert!(clients.import(child.clone(), Existing::Keep).await.is_err(), "its parent is not here yet");
        assert_eq!(
            clients.import(client("p", "hvc_1", "app"), Existing::Keep).await.unwrap(),
            Imported::Added
        );
        assert_eq!(clients.import(child, Existing::Keep).await.unwrap(), Imported::Added);
        let child = clients.get("c").await.unwrap();
        assert_eq!(child.parent_client_id.as_deref(), Some("p"));
        assert_eq!(child.created_at, datetime!(2026-01-02 03:04:05 UTC));
        let same_app = clients.import(client("x", "hvc_3", "app"), Existing::Keep).await.unwrap_err();
        assert_eq!(same_app.to_string(), "client_id_url already registered");
        for (key, hash) in [("", "ab"), ("hvc 4", "ab"), ("hvc_4", "xy"), ("hvc_4", "ab")] {
            let bad = ImportedClient { client_secret_hash: Some(hash.to_owned()), ..client("b", key, "b") };
            assert!(clients.import(bad, Existing::Keep).await.is_err(), "{key} {hash}");
        }
        let other = ImportedClient { is_active: false, ..client("q", "hvc_1", "renamed") };
        assert_eq!(clients.import(other.clone(), Existing::Keep).await.unwrap(), Imported::Kept);
        assert_eq!(clients.import(other, Existing::Replace).await.unwrap(), Imported::Replaced);
        let replaced = clients.get("p").await.unwrap();
        assert_eq!((&*replaced.name, replaced.is_active), ("renamed", false));
        let taken = client("q", "hvc_1", "child");
        assert!(clients.import(taken, Existing::Replace).await.is_err(), "the app is another client");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_account_has_one_owner() {
    on_each_engine(async |store| {
        let clients = ClientRegistry::new(store.state.clone(), Log::open(&store).events);
        let delegate = |name: &str, role: Role| ImportedDelegate {
            user: did(name),
            role,
            granted_by: did("shared"),
            created_at: None,
        };
        let shared = |delegates: &[ImportedDelegate]| ImportedDelegation {
            account: did("shared"),
            client_key: "hvc_1".to_owned(),
            linked_by: did("shared"),
            delegates: delegates.to_vec(),
            created_at: None,
        };
        let [owner, other] = [delegate("shared", Role::Owner), delegate("bob", Role::Member)];
        let good = shared(&[owner.clone(), other.clone()]);
        assert!(clients.import_delegation(good.clone(), Existing::Keep).await.is_err(), "no such client");
        clients.import(client("p", "hvc_1", "app"), Existing::Keep).await.unwrap();
        for bad in
            [shared(std::slice::from_ref(&other)), shared(&[owner.clone(), delegate("bob", Role::Owner)])]
        {
            assert!(clients.import_delegation(bad, Existing::Keep).await.is_err());
        }
        assert_eq!(clients.import_delegation(good.clone(), Existing::Keep).await.unwrap(), Imported::Added);
        assert_eq!(clients.import_delegation(good, Existing::Keep).await.unwrap(), Imported::Kept);
        let alone = shared(&[owner]);
        assert_eq!(clients.import_delegation(alone, Existing::Replace).await.unwrap(), Imported::Replaced);
        let left = "SELECT count(*) FROM account_delegates";
        let left: i64 = store
            .state
            .read(move |conn| conn.query_one::<_, store::Error>(left, &[], |row| row.int(0)))
            .await
            .unwrap();
        assert_eq!(left, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_comes_with_its_keys_or_not_at_all() {
    on_each_engine(async |store| {
        let dir = tempfile::tempdir().unwrap();
        let config = VaultConfig { data_dir: dir.path(), master_secret: None, token_encryption_key: None };
        let (vault, log) = (Vault::open(&config).unwrap(), Log::open(&store));
        let import = ServiceImport { state: &store.state, vault: &vault, events: &log.events };
        let public = PrivateKey::p256(&[3; 32]).unwrap().public().multikey();
        let method = ImportedMethod {
            fragment: Fragment::key("#extra").unwrap(),
            public_key: public,
            private_key: vec![3; 32],
            created_at: None,
        };
        for bad in [vec![4; 32], vec![3; 31], vec![0; 32], Vec::new()] {
            let foreign = ImportedMethod { private_key: bad, ..method.clone() };
            let refused = import.verification_method(foreign).await;
            assert!(matches!(refused, Err(ServiceError::ForeignKey)), "{refused:?}");
        }
        assert_eq!(import.verification_method(method.clone()).await.unwrap(), Imported::Added);
        assert_eq!(import.verification_method(method).await.unwrap(), Imported::Kept);

        let identity = ImportedIdentity {
            mode: Mode::DidPlc,
            registered: Some(atproto::Did::parse("did:plc:3jpt2mvvsumj2r7eqk4gzzjz").unwrap()),
            attached_account: None,
            signing_key: Some(vec![1; 32]),
            rotation_key: Some(vec![2; 32]),
            setup_complete: true,
            created_at: None,
            updated_at: None,
        };
        let keyless = ImportedIdentity { rotation_key: None, ..identity.clone() };
        assert!(matches!(import.identity(keyless).await, Err(ServiceError::MissingKey { .. })));
        let foreign = ImportedIdentity { signing_key: Some(vec![1; 5]), ..identity.clone() };
        assert!(matches!(import.identity(foreign).await, Err(ServiceError::ForeignKey)));
        let homeless = ImportedIdentity { mode: Mode::AttachAccount, ..identity.clone() };
        assert!(matches!(import.identity(homeless).await, Err(ServiceError::Account(_))));
        assert_eq!(import.identity(identity.clone()).await.unwrap(), Imported::Added);
        let another = ImportedIdentity { mode: Mode::NotExposed, registered: None, ..identity };
        assert_eq!(import.identity(another).await.unwrap(), Imported::Kept);
        let published = "SELECT published FROM service_identity";
        let published: String = store
            .state
            .read(move |conn| conn.query_one::<_, store::Error>(published, &[], |row| row.string(0)))
            .await
            .unwrap();
        assert!(published.contains(r#""verification_methods":["atproto","extra"]"#), "{published}");
    })
    .await;
}
