//! Who somebody is, by name and password, and how often they may be wrong.

use std::net::IpAddr;

use accounts::limits::draw;
use server::Problem;
use social::{Id, auth, users};

use super::secret;
use crate::refusal::Refusal;
use crate::services::Services;

/// Attempts of one address at once, and per second: ten a minute (spec/social.md §3.6).
const OF_ADDRESS: (u32, f64) = (10, 10.0 / 60.0);

/// Attempts at one account at once, and per second: twenty an hour.
const AT_ACCOUNT: (u32, f64) = (20, 20.0 / 3600.0);

/// Counted before it is known whether the password is right, together with those of the REST API.
pub(super) async fn check(
    services: &Services,
    name: &str,
    password: &str,
    client: Option<IpAddr>,
) -> Result<Id, Problem> {
    let address = client.map(|client| client.to_string()).unwrap_or_default();
    draw(&services.cache, &format!("social:auth:{address}"), OF_ADDRESS).await?;
    let account = secret::hash(&name.trim().to_lowercase());
    draw(&services.cache, &format!("social:login:{account}"), AT_ACCOUNT).await?;
    let uuid = auth::login(&services.social, name, password).await.map_err(Refusal::from)?;
    let user = services.social.ask(move |conn| users::by_uuid(conn, &uuid)).await.map_err(Refusal::from)?;
    match user {
        Some(user) if user.is_suspended => Err(Problem::forbidden("This account is suspended.")),
        Some(user) if !user.is_deleted => Ok(user.id),
        _ => Err(Problem::unauthorized("The name or the password is wrong.")),
    }
}
