//! Who is logged in, for people.

use crate::credentials::Credentials;
use crate::host::Host;
use crate::{Error, Places, Streams};

pub(crate) fn status(streams: &mut Streams<'_>, places: &Places) -> Result<(), Error> {
    let credentials = Credentials::load(places)?;
    if credentials.hosts.is_empty() {
        writeln!(streams.output, "Nobody is logged in. `login HOST` begins.")?;
    }
    for (host, accounts) in &credentials.hosts {
        writeln!(streams.output, "{host}")?;
        for (at, account) in accounts.0.iter().enumerate() {
            let mark = if at == 0 { '*' } else { ' ' };
            let did = account.did.as_ref().map(|did| format!(" ({did})")).unwrap_or_default();
            writeln!(streams.output, "  {mark} {}{did}", account.username)?;
        }
    }
    Ok(())
}

pub(crate) fn switch(
    host: &str,
    name: &str,
    streams: &mut Streams<'_>,
    places: &Places,
) -> Result<(), Error> {
    let host = Host::parse(host)?;
    Credentials::change(places, |credentials| {
        let missing = || Error::NoAccount { host: host.to_string(), account: name.to_owned() };
        let found = credentials.at(&host).iter().find(|account| account.is_called(name)).cloned();
        credentials.keep(&host, found.ok_or_else(missing)?);
        Ok(())
    })?;
    writeln!(streams.output, "{name} is the active account at {host}.")?;
    Ok(())
}

pub(crate) fn logout(
    host: &str,
    name: Option<&str>,
    streams: &mut Streams<'_>,
    places: &Places,
) -> Result<(), Error> {
    let host = Host::parse(host)?;
    let is_meant = |account: &crate::credentials::Account| name.is_none_or(|name| account.is_called(name));
    let gone = Credentials::change(places, |credentials| {
        let Some(accounts) = credentials.hosts.get_mut(host.as_str()) else { return Ok(0) };
        let before = accounts.0.len();
        accounts.0.retain(|account| !is_meant(account));
        Ok(before - accounts.0.len())
    })?;
    if gone == 0 {
        let account = name.unwrap_or("nobody").to_owned();
        return Err(Error::NoAccount { host: host.to_string(), account });
    }
    writeln!(
        streams.output,
        "Forgotten. The registry still lists the device; revoke it there if somebody else may have its secret."
    )?;
    Ok(())
}
