//! `/social/federation/me/also-known-as` and `/social/federation/me/move`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Access, Json, Problem, Route};
use utoipa::ToSchema;

use super::{MAX_ALIASES, come_back, move_to, set_aliases};
use crate::services::Services;
use crate::users::{self, User};
use crate::wire::Me;
use crate::{Error, Id, Told};

/// Each makes this server ask another: so many at once, and so many a second.
const ASKS: (u32, f64) = (10, 10.0 / 3600.0);

type Done = Result<StatusCode, Problem>;
const DONE: Done = Ok(StatusCode::NO_CONTENT);

pub(crate) fn routes() -> Vec<Route<Services>> {
    let (known, at) = (Access::Authenticated, "/social/federation/me/move");
    let nothing = |route: Route<Services>| route.gives_nothing(StatusCode::NO_CONTENT);
    vec![
        nothing(Route::patch(
            "/social/federation/me/also-known-as",
            known,
            "Say which other accounts are one's own, so that they may move here",
            alias,
        ))
        .takes::<Aliases>(),
        nothing(Route::post(at, known, "Move to another account, which has to list this one", leave))
            .takes::<Target>(),
        nothing(Route::delete(at, known, "Use this account again", stay)),
    ]
}

/// Other accounts of the same person.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialAliases)]
struct Aliases {
    /// The address of an actor or a handle, up to five of them, or null.
    also_known_as: Option<OneOrMore>,
}

#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = SocialAliasList)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

async fn alias(State(services): State<Services>, Me(me): Me, Json(new): Json<Aliases>) -> Done {
    let named = match new.also_known_as {
        None => Vec::new(),
        Some(OneOrMore::One(one)) if one.is_empty() => Vec::new(),
        Some(OneOrMore::One(one)) => vec![one],
        Some(OneOrMore::More(more)) => more,
    };
    if named.len() > MAX_ALIASES {
        return Err(Error::Invalid(format!("nobody has more than {MAX_ALIASES} aliases")).into());
    }
    let mut aliases = Vec::with_capacity(named.len());
    for name in named {
        aliases.push(address(&services, me, name).await?);
    }
    let now = clock::now_micros();
    services.change(move |conn| set_aliases(conn, now, me, &aliases)).await?;
    DONE
}

/// An address as it is, and that of whoever a handle is of.
async fn address(services: &Services, me: Id, name: String) -> Result<String, Problem> {
    if name.starts_with("https://") || name.starts_with("http://") {
        return Ok(name);
    }
    let user = services.looked_up(Some(me), &name).await?;
    Ok(user.ap_id.unwrap_or_else(|| services.addresses().actor(&user.uuid)))
}

/// The account to move to.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialMove)]
struct Target {
    new_actor_url: String,
}

async fn leave(State(services): State<Services>, Me(me): Me, Json(new): Json<Target>) -> Done {
    accounts::limits::draw(services.cache(), &format!("social:move:{me}"), ASKS).await?;
    let target = fresh(&services, &new.new_actor_url).await?;
    let (addresses, now) = (services.addresses().clone(), clock::now_micros());
    let followers = services.change(move |conn| move_to(conn, now, &addresses, me, &target)).await?;
    for user in followers.into_iter().chain([me]) {
        services.live().tell(&Told::Changed { user_id: user.0 }).await;
    }
    DONE
}

/// Whoever is there, as their server describes them now.
async fn fresh(services: &Services, address: &str) -> Result<User, Error> {
    if services.addresses().actor_at(address).is_some() {
        return services.somebody(address).await;
    }
    let elsewhere =
        services.elsewhere().ok_or_else(|| Error::Invalid("this server speaks with no other".into()))?;
    let id = elsewhere.anew(address).await?;
    let user = services.ask(move |conn| users::by_id(conn, id)).await?;
    user.filter(User::is_there).ok_or(Error::NotFound("user"))
}

async fn stay(State(services): State<Services>, Me(me): Me) -> Done {
    let now = clock::now_micros();
    services.change(move |conn| come_back(conn, now, me)).await?;
    services.live().tell(&Told::Changed { user_id: me.0 }).await;
    DONE
}
