//! `/social/auth` and `/social/api-keys`.

use axum::Extension;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Access, Caller, ClientAddress, Json, Principal, Problem, Route};
use store::v;
use utoipa::ToSchema;
use uuid::Uuid;

use super::identity::Identity;
use super::{NewAccount, api_keys, atproto, confirm, login};
use crate::Error;
use crate::services::Services;
use crate::users::{self, UserView};
use crate::wire::Me;

/// Attempts of one address at once, and per second: ten a minute (spec/social.md §3.6).
const OF_ADDRESS: (u32, f64) = (10, 10.0 / 60.0);

/// Attempts at one account at once, and per second: twenty an hour.
const AT_ACCOUNT: (u32, f64) = (20, 20.0 / 3600.0);

pub(crate) fn routes() -> Vec<Route<Services>> {
    let (known, anybody) = (Access::Authenticated, Access::Public);
    vec![
        Route::post("/social/auth/register", anybody, "Become somebody here", register)
            .takes::<NewAccount>()
            .gives::<Session>(StatusCode::CREATED)
            .operation_id("registerSocialUser"),
        Route::post("/social/auth/login", anybody, "Sign in with e-mail address or name", sign_in)
            .takes::<SignIn>()
            .gives::<Session>(StatusCode::OK)
            .operation_id("loginSocialUser"),
        Route::post("/social/auth/atproto", known, "Go on as whoever signed in on this server's pages", open)
            .takes::<Wanted>()
            .gives::<Session>(StatusCode::OK)
            .operation_id("openSocialProfile"),
        Route::put("/social/auth/password", known, "Change the password; other tokens end", change_password)
            .takes::<NewPassword>()
            .gives::<Session>(StatusCode::OK),
        Route::get("/social/api-keys", known, "One's keys", api_keys::list)
            .gives::<api_keys::Keys>(StatusCode::OK),
        Route::post("/social/api-keys", known, "Make a key; it is shown once", api_keys::make)
            .takes::<api_keys::New>()
            .gives::<api_keys::Made>(StatusCode::OK),
        Route::delete("/social/api-keys/{id}", known, "Remove a key", api_keys::remove)
            .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

/// A token, good for a day, and whose it is.
#[derive(Serialize, ToSchema)]
#[schema(as = SocialSession)]
struct Session {
    token: String,
    user: UserView,
}

impl Session {
    async fn of(services: &Services, identity: Identity) -> Result<Self, Error> {
        let uuid = Uuid::parse_str(&identity.uuid).map_err(|_| Error::NotFound("user"))?;
        let token = services.tokens().mint(uuid, identity.changed_at, clock::now_micros())?;
        let addresses = services.addresses().clone();
        let user = services.ask(move |conn| users::view(conn, &addresses, None, identity.id)).await?;
        Ok(Self { token, user })
    }
}

type Client = Option<Extension<ClientAddress>>;

async fn slow_down(services: &Services, client: &Client) -> Result<(), Problem> {
    let address = client.as_ref().map(|Extension(ClientAddress(ip))| ip.to_string()).unwrap_or_default();
    accounts::limits::draw(services.cache(), &format!("social:auth:{address}"), OF_ADDRESS).await.map(drop)
}

async fn register(
    State(services): State<Services>,
    client: Client,
    Json(account): Json<NewAccount>,
) -> Result<(StatusCode, Json<Session>), Problem> {
    if !services.config().registration {
        return Err(Error::Forbidden("registration is closed").into());
    }
    slow_down(&services, &client).await?;
    let user = super::register(&services, account).await?;
    let identity = super::login::identity(&services, user.uuid).await?;
    Ok((StatusCode::CREATED, Json(Session::of(&services, identity).await?)))
}

/// Either of the two names.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialSignIn)]
struct SignIn {
    email: Option<String>,
    username: Option<String>,
    password: String,
}

async fn sign_in(
    State(services): State<Services>,
    client: Client,
    Json(SignIn { email, username, password }): Json<SignIn>,
) -> Result<Json<Session>, Problem> {
    slow_down(&services, &client).await?;
    let name = email.or(username).ok_or_else(|| Error::Invalid("give email or username".into()))?;
    let bucket = format!("social:login:{}", api_keys::hash(&name.trim().to_lowercase()));
    accounts::limits::draw(services.cache(), &bucket, AT_ACCOUNT).await?;
    let uuid = login(&services, &name, &password).await?;
    let identity = super::login::identity(&services, uuid).await?;
    Ok(Json(Session::of(&services, identity).await?))
}

/// What somebody new wants to be called, if not as their handle begins.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialWantedName)]
struct Wanted {
    username: Option<String>,
}

async fn open(
    State(services): State<Services>,
    client: Client,
    caller: Caller,
    Json(Wanted { username }): Json<Wanted>,
) -> Result<Json<Session>, Problem> {
    let Principal::BrowserSession { did, .. } = &caller.principal else {
        return Err(Error::Forbidden("sign in on this server's pages first").into());
    };
    slow_down(&services, &client).await?;
    let identity = atproto::open(&services, did, username.as_deref()).await?;
    Ok(Json(Session::of(&services, identity).await?))
}

/// Both passwords.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewSocialPassword)]
struct NewPassword {
    old_password: String,
    new_password: String,
}

async fn change_password(
    State(services): State<Services>,
    client: Client,
    Me(me): Me,
    Json(NewPassword { old_password, new_password }): Json<NewPassword>,
) -> Result<Json<Session>, Problem> {
    slow_down(&services, &client).await?;
    confirm(&services, me, &old_password).await?;
    let (hash, now) =
        (services.hasher().hash(&new_password).await.map_err(Error::from)?, clock::now_micros());
    let identity = services.change(move |conn| {
        let sql = "UPDATE social_credentials SET password_hash = $2, changed_at = $3 WHERE user_id = $1";
        conn.execute(sql, &[me.into(), v(&hash), v(now)])?;
        conn.execute("DELETE FROM social_oauth_tokens WHERE user_id = $1", &[me.into()])?;
        let user = users::by_id(conn, me)?.ok_or(Error::NotFound("user"))?;
        Identity::by_uuid(conn, &user.uuid)?.ok_or(Error::NotFound("user"))
    });
    Ok(Json(Session::of(&services, identity.await?).await?))
}
