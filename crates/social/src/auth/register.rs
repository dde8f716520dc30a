//! Somebody new, by name, e-mail address and password.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::users::{self, Keys, NewUser, User, rules};
use crate::{Error, Social};

/// What somebody registers with (spec/social.md §3.5).
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = SocialRegistration)]
pub struct NewAccount {
    /// 1 to 32 of letters, digits, `_` and `.`.
    pub username: String,
    /// At most 255 bytes.
    pub email: String,
    /// 8 to 1,024 bytes.
    pub password: String,
}

/// Makes an account, whether strangers may or not: that is for whoever asks to know.
pub async fn register(social: &Social, account: NewAccount) -> Result<User, Error> {
    rules::username(&account.username)?;
    let email = rules::email(&account.email)?;
    let password_hash = social.hasher().hash(&account.password).await?;
    make(social, &account.username, Some(email), Some(password_hash), None).await
}

/// Makes the rows of somebody whose name is one that can be had.
pub(super) async fn make(
    social: &Social,
    username: &str,
    email: Option<String>,
    password_hash: Option<String>,
    did: Option<String>,
) -> Result<User, Error> {
    let (uuid, vault) = (Uuid::new_v4(), social.vault().clone());
    let keys = tokio::task::spawn_blocking(move || Keys::generate(&vault, &uuid));
    let new = NewUser {
        username: username.to_owned(),
        email,
        password_hash,
        did,
        approves_follows: social.config().approve_follows,
        keys: keys.await.map_err(|_| Error::Ended)??,
        uuid,
    };
    let now = clock::now_micros();
    social
        .change(move |conn| {
            let id = users::create(conn, now, &new)?;
            users::by_id(conn, id)?.ok_or(Error::NotFound("user"))
        })
        .await
}
