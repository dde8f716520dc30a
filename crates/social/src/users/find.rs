//! Looking somebody up.

use store::{Conn, Value, v};

use uuid::Uuid;

use super::User;
use crate::address::Addresses;
use crate::{Error, Id};

/// By row.
pub fn by_id(conn: &mut Conn<'_>, id: Id) -> Result<Option<User>, Error> {
    one(conn, "u.id = $1", id.into())
}

/// By the id that addresses carry.
pub fn by_uuid(conn: &mut Conn<'_>, uuid: &str) -> Result<Option<User>, Error> {
    one(conn, "u.uuid = $1", v(uuid))
}

/// By handle, in whatever case: `name` of somebody here, `name@host` of others.
pub fn by_handle(conn: &mut Conn<'_>, handle: &str) -> Result<Option<User>, Error> {
    one(conn, "u.handle_key = $1", v(&handle.trim_start_matches('@').to_lowercase()))
}

/// By whatever people call somebody: handle with or without the host, uuid, or the address of the actor.
pub fn by_name(conn: &mut Conn<'_>, addresses: &Addresses, name: &str) -> Result<Option<User>, Error> {
    if let Some(uuid) = addresses.actor_at(name) {
        return by_uuid(conn, uuid);
    }
    if name.starts_with("https://") || name.starts_with("http://") {
        return by_ap_id(conn, name);
    }
    if let Ok(uuid) = Uuid::parse_str(name) {
        return by_uuid(conn, &uuid.to_string());
    }
    let name = name.trim_start_matches('@');
    match name.rsplit_once('@') {
        Some((name, host)) if host.eq_ignore_ascii_case(addresses.domain()) => by_handle(conn, name),
        _ => by_handle(conn, name),
    }
}

/// Somebody elsewhere, by the address of the actor.
pub fn by_ap_id(conn: &mut Conn<'_>, ap_id: &str) -> Result<Option<User>, Error> {
    one(conn, "u.ap_id = $1", v(ap_id))
}

/// Those of `ids` that are there, in any order, by one statement.
pub fn by_ids(conn: &mut Conn<'_>, ids: &[i64]) -> Result<Vec<User>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = crate::sql::Ids::new(conn.engine(), ids.iter().copied());
    let sql = format!("SELECT {} FROM {} WHERE u.id {}", User::COLUMNS, User::FROM, list.among(1));
    conn.query(&sql, &[list.value()], User::read)
}

/// Those of these actors that are known, in any order, by one statement: here or elsewhere.
pub fn by_addresses(conn: &mut Conn<'_>, addresses: &Addresses, actors: &[&str]) -> Result<Vec<User>, Error> {
    if actors.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = Vec::with_capacity(actors.len());
    let mut place = |actor: &&str| {
        let (column, value) = match addresses.actor_at(actor) {
            Some(uuid) => ("u.uuid", uuid.to_owned()),
            None => ("u.ap_id", (*actor).to_owned()),
        };
        params.push(value);
        format!("{column} = ${}", params.len())
    };
    let places: Vec<String> = actors.iter().map(&mut place).collect();
    let sql = format!("SELECT {} FROM {} WHERE {}", User::COLUMNS, User::FROM, places.join(" OR "));
    let params: Vec<Value<'_>> = params.iter().map(|value| v(value.as_str())).collect();
    conn.query(&sql, &params, User::read)
}

fn one(conn: &mut Conn<'_>, condition: &str, value: Value<'_>) -> Result<Option<User>, Error> {
    let sql = format!("SELECT {} FROM {} WHERE {condition}", User::COLUMNS, User::FROM);
    conn.query_opt(&sql, &[value], User::read)
}
