//! `Account`: somebody, wherever they are at home.

use std::collections::HashMap;

use activitypub::text::{render, render_field};
use serde::Serialize;
use social::users::{self, User};
use social::{Addresses, Id};
use store::Conn;

use super::moment::midnight;

/// As clients insist on it: nothing is left out, what there is none of is empty.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the entity is as clients know it")]
pub(crate) struct Account {
    pub(crate) id: Id,
    username: String,
    pub(crate) acct: String,
    display_name: String,
    locked: bool,
    bot: bool,
    group: bool,
    discoverable: bool,
    indexable: bool,
    noindex: bool,
    hide_collections: bool,
    created_at: String,
    note: String,
    url: String,
    uri: String,
    avatar: String,
    avatar_static: String,
    header: String,
    header_static: String,
    followers_count: i64,
    following_count: i64,
    statuses_count: i64,
    last_status_at: Option<String>,
    emojis: [(); 0],
    fields: Vec<Field>,
    roles: [(); 0],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    suspended: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    limited: bool,
    /// The account that they say is theirs now, if it is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<Box<Account>>,
    /// Only where somebody sees themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<Source>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<Role>,
}

/// A line of a profile.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: String,
    verified_at: Option<String>,
}

/// What somebody wrote about themselves, as they wrote it, and what their clients begin with.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the entity is as clients know it")]
pub(crate) struct Source {
    pub(crate) privacy: String,
    pub(crate) sensitive: bool,
    pub(crate) language: Option<String>,
    pub(crate) note: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) follow_requests_count: i64,
    pub(crate) hide_collections: bool,
    pub(crate) discoverable: bool,
    pub(crate) indexable: bool,
    pub(crate) attribution_domains: [(); 0],
}

/// What somebody may do beside using their account.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Role {
    pub(crate) id: &'static str,
    pub(crate) name: String,
    pub(crate) color: &'static str,
    pub(crate) permissions: &'static str,
    pub(crate) highlighted: bool,
}

/// Those of `ids` who are there, by one statement, and by another those whom they have moved to, if anybody has.
pub(crate) fn accounts(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    ids: &[Id],
) -> Result<HashMap<Id, Account>, social::Error> {
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let found = if numbers.is_empty() { Vec::new() } else { users::by_ids(conn, &numbers)? };
    let targets = targets(conn, addresses, &found)?;
    let there = found.iter().filter(|user| !user.is_deleted && user.uuid != users::INSTANCE);
    let account = |user: &User| Account { moved: moved(user, &targets), ..Account::new(user, addresses) };
    Ok(there.map(account).map(|account| (account.id, account)).collect())
}

/// One of them, who has been read already.
pub(crate) fn account(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    user: &User,
) -> Result<Account, social::Error> {
    let targets = targets(conn, addresses, std::slice::from_ref(user))?;
    Ok(Account { moved: moved(user, &targets), ..Account::new(user, addresses) })
}

/// The accounts that these have moved to, by address, without where those have moved.
fn targets(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    people: &[User],
) -> Result<HashMap<String, Account>, social::Error> {
    let moved: Vec<&str> = people.iter().filter_map(|user| user.moved_to.as_deref()).collect();
    let found = users::by_addresses(conn, addresses, &moved)?;
    let there = found.iter().filter(|user| user.is_there());
    let shown = there.map(|user| Account::new(user, addresses));
    Ok(shown.map(|account| (account.uri.clone(), account)).collect())
}

fn moved(user: &User, targets: &HashMap<String, Account>) -> Option<Box<Account>> {
    targets.get(user.moved_to.as_ref()?).cloned().map(Box::new)
}

/// The same in the order of `ids`.
pub(crate) fn accounts_in_order(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    ids: &[Id],
) -> Result<Vec<Account>, social::Error> {
    let mut found = accounts(conn, addresses, ids)?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

impl Account {
    pub(crate) fn new(user: &User, addresses: &Addresses) -> Self {
        // Of somebody who is suspended nothing is shown but that they are.
        let shown = |text: &Option<String>| text.clone().filter(|_| !user.is_suspended);
        let media = |url: String| addresses.picture(&url);
        let bio = shown(&user.bio).unwrap_or_default();
        let avatar = shown(&user.avatar_url).map_or_else(|| picture(addresses, "avatar"), media);
        let header = shown(&user.header_url).map_or_else(|| picture(addresses, "header"), media);
        let uri = user.ap_id.clone().unwrap_or_else(|| addresses.actor(&user.uuid));
        let fields = user.profile_fields.iter().filter(|_| !user.is_suspended);
        Self {
            id: user.id,
            username: user.username.clone(),
            acct: user.handle(),
            display_name: shown(&user.display_name).unwrap_or_default(),
            locked: user.approves_follows,
            bot: matches!(&*user.kind, "Service" | "Application"),
            group: user.kind == "Group",
            discoverable: true,
            indexable: true,
            noindex: false,
            hide_collections: false,
            created_at: midnight(user.created_at),
            note: if user.is_local() { render(&bio, &[]) } else { bio },
            url: match &user.url {
                Some(url) => url.clone(),
                None if user.is_local() => addresses.profile(&user.username),
                None => uri.clone(),
            },
            uri,
            avatar_static: avatar.clone(),
            avatar,
            header_static: header.clone(),
            header,
            followers_count: user.counts.followers,
            following_count: user.counts.following,
            statuses_count: user.counts.thoughts,
            last_status_at: None,
            emojis: [],
            fields: fields.map(|field| Field::shown(field, user.is_local())).collect(),
            roles: [],
            suspended: user.is_suspended,
            limited: user.is_silenced,
            moved: None,
            source: None,
            role: None,
        }
    }
}

/// The picture of whoever has none.
pub(crate) fn picture(addresses: &Addresses, name: &str) -> String {
    format!("{}/api/v1/pictures/{name}.png", addresses.base())
}

impl Field {
    /// As it was written.
    pub(crate) fn plain(field: &users::Field) -> Self {
        Self { name: field.name.clone(), value: field.value.clone(), verified_at: None }
    }

    /// Links lead somewhere in what people here wrote; what others wrote is HTML already.
    fn shown(field: &users::Field, is_here: bool) -> Self {
        let value = if is_here { render_field(&field.value) } else { field.value.clone() };
        Self { name: field.name.clone(), value, verified_at: None }
    }
}
