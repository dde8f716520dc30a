//! Choosing who to be, and making the keys for it.

use atproto::{Did, crypto::PrivateKey};
use events::{Event, kinds};
use serde_json::json;
use store::{Conn, v};

use super::{Mode, Published, ROTATION_KEY, SIGNING_KEY, ServiceIdentity};
use crate::{
    Purpose, Vault,
    clock::now_micros,
    service::{Service, ServiceError, did},
};

/// What an operator chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    mode: Mode,
    account: Option<Did>,
}

impl Choice {
    /// A mode, with the account it needs: [`Mode::AttachAccount`] one of the method `plc`, any other none.
    pub fn new(mode: Mode, account: Option<Did>) -> Result<Self, ServiceError> {
        match (mode, &account) {
            (Mode::AttachAccount, None) => {
                Err(ServiceError::Account("attach_account needs `attached_account_did`"))
            }
            (Mode::AttachAccount, Some(did)) if did.method() != "plc" => {
                Err(ServiceError::Account("only accounts with a did:plc can be attached"))
            }
            (Mode::AttachAccount, Some(_)) | (_, None) => Ok(Self { mode, account }),
            (_, Some(_)) => Err(ServiceError::Account("`attached_account_did` belongs to attach_account")),
        }
    }

    /// The mode.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }
}

impl Service {
    /// Makes a choice during setup, the first or another one.
    pub async fn choose(&self, choice: Choice, actor: Option<&str>) -> Result<(), ServiceError> {
        self.put_choice(choice, actor, |identity| match identity {
            Some(identity) if identity.setup_complete => Err(ServiceError::SetupComplete),
            _ => Ok(()),
        })
        .await
    }

    /// Makes a choice at any time. Keys and the registered DID of earlier choices are kept.
    pub async fn change_mode(&self, choice: Choice, actor: Option<&str>) -> Result<(), ServiceError> {
        self.put_choice(choice, actor, |_| Ok(())).await
    }

    /// Refuses a DID that the choice does not lead to: which one it is follows from the mode.
    pub(crate) async fn check_did(&self, choice: &Choice, did: Option<&str>) -> Result<(), ServiceError> {
        let Some(did) = did else {
            return Ok(());
        };
        let registered =
            self.snapshot().await?.identity.as_ref().and_then(|identity| identity.registered.clone());
        let expected = match choice.mode {
            Mode::DidWeb => self.parts.domains.primary().as_ref().and_then(did::web),
            Mode::DidPlc => registered,
            Mode::AttachAccount => choice.account.clone(),
            Mode::NotExposed => None,
        };
        if expected.is_some_and(|expected| expected.as_str() == did) {
            return Ok(());
        }
        Err(ServiceError::NotChosenHere("the DID follows from the mode; leave `did` out"))
    }

    async fn put_choice(
        &self,
        choice: Choice,
        actor: Option<&str>,
        allowed: fn(Option<&ServiceIdentity>) -> Result<(), ServiceError>,
    ) -> Result<(), ServiceError> {
        let mode = choice.mode;
        let new = NewKeys::of(mode, &self.parts.vault)?;
        let now = now_micros();
        self.changed(move |conn| {
            allowed(ServiceIdentity::load(conn)?.as_ref())?;
            choice.save(conn, &new, now)
        })
        .await?;
        let event = Event::new(kinds::SERVICE_IDENTITY_UPDATED).actor(actor).subject("service_identity");
        self.parts.events.record(event.detail(json!({ "mode": mode.name() })));
        Ok(())
    }
}

impl Choice {
    /// A key that is there stays: others have its public half, and a registered DID is lost with its rotation key.
    fn save(&self, conn: &mut Conn<'_>, new: &NewKeys, now: i64) -> Result<(), ServiceError> {
        conn.execute(
            "INSERT INTO service_identity AS old (id, mode, attached_account_did, signing_key_enc, \
             signing_key_multibase, rotation_key_enc, setup_complete, published, created_at, updated_at) \
             VALUES (1, $1, $2, $3, $4, $5, 0, $6, $7, $7) \
             ON CONFLICT (id) DO UPDATE SET mode = excluded.mode, \
             attached_account_did = excluded.attached_account_did, \
             signing_key_enc = COALESCE(old.signing_key_enc, excluded.signing_key_enc), \
             signing_key_multibase = COALESCE(old.signing_key_multibase, excluded.signing_key_multibase), \
             rotation_key_enc = COALESCE(old.rotation_key_enc, excluded.rotation_key_enc), \
             updated_at = excluded.updated_at",
            &[
                v(self.mode.name()),
                v(self.account.as_ref().map(Did::as_str)),
                v(new.signing.as_ref().map(|key| key.sealed.as_slice())),
                v(new.signing.as_ref().map(|key| key.public.as_str())),
                v(new.rotation.as_ref().map(|key| key.sealed.as_slice())),
                v(&json!(Published::default()).to_string()),
                v(now),
            ],
        )?;
        Ok(())
    }
}

/// The keys that a mode needs, for the case that they are not there yet.
struct NewKeys {
    signing: Option<SealedKey>,
    rotation: Option<SealedKey>,
}

struct SealedKey {
    sealed: Vec<u8>,
    public: String,
}

impl NewKeys {
    fn of(mode: Mode, vault: &Vault) -> Result<Self, ServiceError> {
        let seal = |row: &str| {
            let key = PrivateKey::generate_p256();
            let sealed = vault.seal(Purpose::SERVICE_KEYS, row, &key.to_scalar())?;
            Ok::<_, ServiceError>(SealedKey { sealed, public: key.public().multikey() })
        };
        let ours = matches!(mode, Mode::DidWeb | Mode::DidPlc);
        Ok(Self {
            signing: ours.then(|| seal(SIGNING_KEY)).transpose()?,
            rotation: (mode == Mode::DidPlc).then(|| seal(ROTATION_KEY)).transpose()?,
        })
    }
}
