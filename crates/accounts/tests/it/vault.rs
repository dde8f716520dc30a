//! Secrets at rest.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use accounts::{Error, Purpose, Vault, VaultConfig};

use crate::support::on_each_engine;

const LONG: &str = "a master secret of at least 32 bytes";
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn config(data_dir: &Path) -> VaultConfig<'_> {
    VaultConfig { data_dir, master_secret: None, token_encryption_key: None }
}

#[test]
fn what_is_sealed_opens_for_its_purpose_and_row_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::open(&config(dir.path())).unwrap();
    let sealed = vault.seal(Purpose::PDS_TOKENS, "row 1", b"token").unwrap();
    assert_eq!(sealed.len(), 1 + 12 + 5 + 16);
    assert!(!sealed.windows(5).any(|window| window == b"token"));
    assert_ne!(sealed, vault.seal(Purpose::PDS_TOKENS, "row 1", b"token").unwrap(), "a new nonce each time");
    assert_eq!(vault.unseal(Purpose::PDS_TOKENS, "row 1", &sealed).unwrap(), b"token");
    assert_eq!(vault.unseal_text(Purpose::PDS_TOKENS, "row 1", &sealed).unwrap(), "token");
    let refused =
        |purpose, row, sealed: &[u8]| matches!(vault.unseal(purpose, row, sealed), Err(Error::Sealed { .. }));
    assert!(refused(Purpose::DPOP_KEYS, "row 1", &sealed));
    assert!(refused(Purpose::PDS_TOKENS, "row 2", &sealed));
    for position in 0..sealed.len() {
        let mut damaged = sealed.clone();
        damaged[position] ^= 1;
        assert!(refused(Purpose::PDS_TOKENS, "row 1", &damaged), "byte {position}");
        assert!(refused(Purpose::PDS_TOKENS, "row 1", &sealed[..position]), "cut to {position} bytes");
    }
    let empty = vault.seal(Purpose::SCRIPT_VARIABLES, "", b"").unwrap();
    assert_eq!(vault.unseal(Purpose::SCRIPT_VARIABLES, "", &empty).unwrap(), b"");
    let binary = vault.seal(Purpose::SERVICE_KEYS, "r", &[0xff]).unwrap();
    assert!(vault.unseal_text(Purpose::SERVICE_KEYS, "r", &binary).is_err());
    assert_eq!(format!("{vault:?}"), "Vault");
}

#[test]
fn the_first_start_makes_a_key_for_its_owner_alone_and_the_next_finds_it() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = dir.path().join("new");
    let first = Vault::open(&config(&data_dir)).unwrap();
    let file = data_dir.join("master.key");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(&data_dir).unwrap().count(), 1, "no draft is left");
    let text = fs::read_to_string(&file).unwrap();
    let sealed = first.seal(Purpose::PDS_TOKENS, "r", b"x").unwrap();
    let second = Vault::open(&config(&data_dir)).unwrap();
    assert_eq!(second.unseal(Purpose::PDS_TOKENS, "r", &sealed).unwrap(), b"x");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_a_vault_is_that_of_a_database_can_be_asked_without_a_trace() {
    on_each_engine(async |store| {
        let dir = tempfile::tempdir().unwrap();
        assert!(!config(dir.path()).is_secret_there());
        let vault = Vault::open(&config(dir.path())).unwrap();
        assert!(config(dir.path()).is_secret_there());
        let elsewhere = tempfile::tempdir().unwrap();
        let other = Vault::open(&config(elsewhere.path())).unwrap();
        assert!(vault.fits(&store.state).await.unwrap() && other.fits(&store.state).await.unwrap());
        assert!(!Vault::is_needed_by(&store.state).await.unwrap(), "asking leaves no trace");
        vault.confirm(&store.state).await.unwrap();
        assert!(Vault::is_needed_by(&store.state).await.unwrap());
        assert!(vault.fits(&store.state).await.unwrap());
        assert!(!other.fits(&store.state).await.unwrap());
    })
    .await;
}

#[test]
fn several_that_start_at_once_agree_on_one_key() {
    let dir = tempfile::tempdir().unwrap();
    let vaults: Vec<_> = std::thread::scope(|scope| {
        let open = || scope.spawn(|| Vault::open(&config(dir.path())).unwrap());
        let starting: Vec<_> = (0..8).map(|_| open()).collect();
        starting.into_iter().map(|vault| vault.join().unwrap()).collect()
    });
    let sealed = vaults[0].seal(Purpose::PDS_TOKENS, "r", b"x").unwrap();
    assert!(vaults.iter().all(|vault| vault.unseal(Purpose::PDS_TOKENS, "r", &sealed).is_ok()));
}

#[test]
fn a_key_that_others_can_read_or_that_is_damaged_stops_the_start() {
    let dir = tempfile::tempdir().unwrap();
    Vault::open(&config(dir.path())).unwrap();
    let file = dir.path().join("master.key");
    let problem = || match Vault::open(&config(dir.path())) {
        Err(error @ Error::MasterSecret(_)) => error.to_string(),
        other => panic!("{other:?}"),
    };
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(problem().contains("mode 640"), "{}", problem());
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    for text in ["", "00", "not hex"] {
        fs::write(&file, text).unwrap();
        assert!(problem().contains("64 hex digits"), "{}", problem());
    }
}

#[test]
fn a_configured_secret_seals_and_those_it_replaced_still_open() {
    let dir = tempfile::tempdir().unwrap();
    let of_file = Vault::open(&config(dir.path())).unwrap();
    let key = VaultConfig { token_encryption_key: Some(KEY), ..config(dir.path()) };
    let of_key = Vault::open(&key).unwrap();
    let both = Vault::open(&VaultConfig { master_secret: Some(LONG), ..key }).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let alone = Vault::open(&VaultConfig { master_secret: Some(LONG), ..config(elsewhere.path()) }).unwrap();
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0, "no file is needed");
    for vault in [&of_file, &of_key, &both] {
        let sealed = vault.seal(Purpose::PDS_TOKENS, "r", b"x").unwrap();
        assert_eq!(both.unseal(Purpose::PDS_TOKENS, "r", &sealed).unwrap(), b"x");
    }
    let sealed = both.seal(Purpose::PDS_TOKENS, "r", b"x").unwrap();
    assert!(alone.unseal(Purpose::PDS_TOKENS, "r", &sealed).is_ok());
    assert!(of_key.unseal(Purpose::PDS_TOKENS, "r", &sealed).is_err());
}

#[test]
fn weak_secrets_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for weak in ["", "short", &LONG[..31]] {
        let refused = Vault::open(&VaultConfig { master_secret: Some(weak), ..config(dir.path()) });
        assert!(matches!(refused, Err(Error::MasterSecret(_))), "{weak}");
    }
    for wrong in ["", "AAEC", LONG, &KEY[..43], &format!("{KEY}AAAA")] {
        let refused = Vault::open(&VaultConfig { token_encryption_key: Some(wrong), ..config(dir.path()) });
        assert!(matches!(refused, Err(Error::MasterSecret(_))), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_knows_its_master_secret() {
    on_each_engine(async |store| {
        let (ours, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let vault = Vault::open(&config(ours.path())).unwrap();
        vault.confirm(&store.state).await.unwrap();
        vault.confirm(&store.state).await.unwrap();
        let lost = Vault::open(&config(other.path())).unwrap().confirm(&store.state).await;
        assert!(matches!(lost, Err(Error::MasterSecret(_))));
        let (accounts, _) = crate::support::try_accounts(&store, "https://a.example.com").await;
        assert!(matches!(accounts, Err(Error::MasterSecret(_))), "a server does not start with it");
        // One that is replaced still opens, so the new one is accepted.
        let moved = VaultConfig { master_secret: Some(LONG), ..config(ours.path()) };
        Vault::open(&moved).unwrap().confirm(&store.state).await.unwrap();
    })
    .await;
}
