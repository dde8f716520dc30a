//! What clients say and are told. It never asks anybody anything: whoever waits is a program.

use std::collections::BTreeMap;
use std::io::Read;

use serde::{Deserialize, Serialize};

use crate::credentials::{Account, Credentials};
use crate::host::Host;
use crate::pick::pick;
use crate::{Error, Places, Streams};

/// More than any client writes.
const MAX_INPUT: u64 = 64 << 10;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    #[serde(rename = "ServerURL")]
    server_url: String,
    username: String,
    secret: String,
}

pub(crate) fn get(streams: &mut Streams<'_>, places: &Places) -> Result<(), Error> {
    let server_url = input(streams.input)?.trim().to_owned();
    let host = Host::parse(&server_url)?;
    let credentials = Credentials::load(places)?;
    let account = pick(credentials.at(&host), &host, &places.caller).ok_or(Error::NotFound)?;
    let Account { username, secret, .. } = account.clone();
    answer(streams, &Entry { server_url, username, secret })
}

pub(crate) fn store(streams: &mut Streams<'_>, places: &Places) -> Result<(), Error> {
    let entry: Entry = serde_json::from_str(&input(streams.input)?)
        .map_err(|_| Error::Input("not a JSON object with ServerURL, Username and Secret"))?;
    let host = Host::parse(&entry.server_url)?;
    let account = Account { username: entry.username, did: None, secret: entry.secret };
    Credentials::change(places, |credentials| {
        credentials.keep(&host, account);
        Ok(())
    })
}

pub(crate) fn erase(streams: &mut Streams<'_>, places: &Places) -> Result<(), Error> {
    let host = Host::parse(&input(streams.input)?)?;
    Credentials::change(places, |credentials| {
        credentials.hosts.remove(host.as_str());
        Ok(())
    })
}

pub(crate) fn list(streams: &mut Streams<'_>, places: &Places) -> Result<(), Error> {
    let credentials = Credentials::load(places)?;
    let active = |(host, accounts)| -> Option<(_, String)> {
        let accounts: &crate::credentials::Accounts = accounts;
        Some((host, accounts.0.first()?.username.clone()))
    };
    let listed: BTreeMap<&String, String> = credentials.hosts.iter().filter_map(active).collect();
    answer(streams, &listed)
}

fn input(stream: &mut dyn Read) -> Result<String, Error> {
    let mut text = String::new();
    stream.take(MAX_INPUT).read_to_string(&mut text)?;
    Ok(text)
}

fn answer(streams: &mut Streams<'_>, value: &impl Serialize) -> Result<(), Error> {
    let json = serde_json::to_string(value).map_err(std::io::Error::from)?;
    writeln!(streams.output, "{json}")?;
    Ok(())
}
