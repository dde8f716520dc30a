//! `CredentialAccount`: somebody as they see themselves.

use axum::extract::State;
use server::{Json, Problem};
use social::{Addresses, Id};
use store::{Conn, v};

use super::defaults::Defaults;
use super::show::find;
use crate::caller::Me;
use crate::entities::{Account, Field, Role, Source, account};
use crate::refusal::Refusal;
use crate::services::Services;

pub(super) async fn show(State(services): State<Services>, Me(me): Me) -> Result<Json<Account>, Problem> {
    let addresses = services.addresses().clone();
    let read = services.social.ask(move |conn| read(conn, &addresses, me)).await;
    Ok(Json(read.map_err(Refusal::from)?))
}

pub(super) fn read(conn: &mut Conn<'_>, addresses: &Addresses, me: Id) -> Result<Account, social::Error> {
    let user = find(conn, me)?;
    let defaults = Defaults::read(conn, me)?;
    let sql = "SELECT count(*) FROM (SELECT 1 FROM social_follows WHERE followed = $1 AND state = 'pending' LIMIT 1000) AS r";
    let requests = conn.query_one(sql, &[v(me)], |row| row.int(0))?;
    let source = Source {
        privacy: defaults.privacy,
        sensitive: defaults.sensitive,
        language: defaults.language,
        note: user.bio.clone().unwrap_or_default(),
        fields: user.profile_fields.iter().map(Field::plain).collect(),
        follow_requests_count: requests,
        hide_collections: false,
        discoverable: true,
        indexable: true,
        attribution_domains: [],
    };
    let id = match &*user.role {
        "admin" => "3",
        "moderator" => "2",
        _ => "-99",
    };
    let name = if id == "-99" { String::new() } else { user.role.clone() };
    let role = Role { id, name, color: "", permissions: "0", highlighted: false };
    let mut account = account(conn, addresses, &user)?;
    (account.source, account.role) = (Some(source), Some(role));
    Ok(account)
}
