//! Reading a scope.

use std::str::FromStr;

use super::parts::{Parts, at_most_one};
use super::{AccountAttribute, Audience, MimeRange, RepoAction, Scope, ScopeError, ServiceRef, Targets};
use crate::Nsid;

/// Longest accepted scope.
const MAX_BYTES: usize = 8 << 10;

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        if text.len() > MAX_BYTES {
            return Err(ScopeError::new(text, "it is too long"));
        }
        parse(text).map_err(|rule| ScopeError::new(text, rule))
    }
}

fn parse(text: &str) -> Result<Scope, &'static str> {
    match text {
        "atproto" => return Ok(Scope::Atproto),
        "transition:generic" => return Ok(Scope::TransitionGeneric),
        "transition:email" => return Ok(Scope::TransitionEmail),
        "transition:chat.bsky" => return Ok(Scope::TransitionChat),
        _ => {}
    }
    let mut parts = Parts::parse(text)?;
    let scope = match parts.resource {
        "repo" => repo(&mut parts),
        "rpc" => rpc(&mut parts),
        "blob" => blob(&mut parts),
        "account" => account(&mut parts),
        "identity" => identity(&mut parts),
        "include" => include(&mut parts),
        _ => Err("there is no such resource"),
    }?;
    parts.finish()?;
    Ok(scope)
}

fn repo(parts: &mut Parts<'_>) -> Result<Scope, &'static str> {
    let collections = targets(&parts.take_positional("collection")?)?;
    let actions = parts.take("action");
    let actions = if actions.is_empty() {
        RepoAction::ALL.into()
    } else {
        let actions = actions.iter().map(|action| RepoAction::parse(action)).collect::<Option<_>>();
        actions.ok_or("an action must be create, update or delete")?
    };
    Ok(Scope::Repo { collections, actions })
}

fn rpc(parts: &mut Parts<'_>) -> Result<Scope, &'static str> {
    let methods = targets(&parts.take_positional("lxm")?)?;
    let audience = parts.take_one("aud")?.and_then(|aud| Audience::parse(&aud));
    let audience = audience.ok_or("it must have one aud, a service of a DID or *")?;
    if (&methods, &audience) == (&Targets::Any, &Audience::Any) {
        return Err("it must not allow every method of every service");
    }
    Ok(Scope::Rpc { methods, audience })
}

fn blob(parts: &mut Parts<'_>) -> Result<Scope, &'static str> {
    let ranges = parts.take_positional("accept")?;
    if ranges.is_empty() {
        return Err("it must accept something");
    }
    let ranges = ranges.iter().map(|range| MimeRange::parse(range)).collect::<Option<_>>();
    Ok(Scope::Blob(ranges.ok_or("what it accepts must be media types")?))
}

fn account(parts: &mut Parts<'_>) -> Result<Scope, &'static str> {
    let attribute = match at_most_one(parts.take_positional("attr")?)?.as_deref() {
        Some("email") => AccountAttribute::Email,
        Some("repo") => AccountAttribute::Repo,
        _ => return Err("its attribute must be email or repo"),
    };
    let manage = match parts.take_one("action")?.as_deref() {
        None | Some("read") => false,
        Some("manage") => true,
        Some(_) => return Err("its action must be read or manage"),
    };
    Ok(Scope::Account { attribute, manage })
}

fn identity(parts: &mut Parts<'_>) -> Result<Scope, &'static str> {
    match at_most_one(parts.take_positional("attr")?)?.as_deref() {
        Some("handle") => Ok(Scope::IdentityHandle),
        Some("*") => Ok(Scope::IdentityAll),
        _ => Err("its attribute must be handle or *"),
    }
}

fn include(parts: &mut Parts<'_>) -> Result<Scope, &'static str> {
    let set = at_most_one(parts.take_positional("nsid")?)?.and_then(|nsid| Nsid::parse(&nsid).ok());
    let set = set.ok_or("it must name a permission set")?;
    let audience = match parts.take_one("aud")? {
        None => None,
        Some(aud) => Some(ServiceRef::parse(&aud).ok_or("its aud must be a service of a DID")?),
    };
    Ok(Scope::Include { set, audience })
}

fn targets(values: &[String]) -> Result<Targets, &'static str> {
    if values.is_empty() {
        return Err("it must name something or *");
    }
    // Names beside the asterisk add nothing, but must be names.
    let names = values.iter().filter(|&value| value != "*");
    let names = names.map(|name| Nsid::parse(name)).collect::<Result<_, _>>();
    let names = names.map_err(|_| "what it names must be NSIDs")?;
    Ok(if values.iter().any(|value| value == "*") { Targets::Any } else { Targets::These(names) })
}
