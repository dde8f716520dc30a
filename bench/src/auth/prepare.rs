//! Somebody with one credential of each kind, on a running server.

use std::net::SocketAddr;

use accounts::pds::{Holder, NewPdsSession, PdsParts, PdsSessions};
use accounts::{BrowserSessions, Vault, VaultConfig};
use anyhow::{Context, bail};
use atproto::Did;
use atproto::crypto::PrivateKey;
use atproto::jose::PrivateJwk;
use cache::{Cache, MemoryConfig};
use identity::{Resolver, ResolverConfig};
use outbound::{Outbound, OutboundConfig};
use rusqlite::Connection as Sqlite;
use serde_json::{Value, json};
use store::{Store, StoreConfig};

use super::{HOST, PUBLIC_URL};
use crate::http::Connection;
use crate::library::Library;

/// What the server's own name is for other servers.
const SERVICE: &str = "bench";
/// It is never used, only named.
pub(super) const ACCESS_TOKEN: &str = "an-access-token-of-the-length-that-authorization-servers-make-them";

/// The credentials of one person, and the server that acts for them.
pub(super) struct Credentials {
    pub(super) did: Did,
    /// Of the account, which signs what its PDS sends.
    pub(super) account_key: PrivateKey,
    /// Whom service tokens are for.
    pub(super) audience: String,
    pub(super) api_key: String,
    /// The header's value.
    pub(super) cookie: String,
    pub(super) client_key: String,
    pub(super) dpop_key: PrivateJwk,
}

impl Credentials {
    /// Makes them: over HTTP where an operator or an app would, in the database where a PDS and a browser would be needed.
    pub(super) async fn make(
        library: &Library,
        address: SocketAddr,
        did: Did,
        account_key: PrivateKey,
    ) -> anyhow::Result<Self> {
        let api_key = library.belvedere.admin_key()?;
        let mut operator = Operator { connection: Connection::open(address).await?, api_key };
        operator.ask("PUT", "/admin/service-identity", "", &json!({ "mode": "did_web" })).await?;
        let entry = json!({ "fragment_id": format!("#{SERVICE}"), "service_type": "Bench" });
        operator.ask("POST", "/admin/service-entries", "", &entry).await?;
        let client = json!({
            "name": "bench",
            "client_id_url": format!("{PUBLIC_URL}/app.json"),
            "client_uri": PUBLIC_URL,
            "redirect_uris": [format!("{PUBLIC_URL}/back")],
        });
        let client = operator.ask("POST", "/admin/api-clients", "", &client).await?;
        let (client_key, secret) = (text(&client, "client_key")?, text(&client, "client_secret")?);
        let proves = format!("x-client-key: {client_key}\r\nx-client-secret: {secret}\r\n");
        let provision = operator.ask("POST", "/oauth/dpop-keys", &proves, &json!({})).await?;
        let dpop_key = PrivateJwk::parse(provision["dpop_key"].to_string().as_bytes())?;
        let holder = bind_key(library, &text(&provision, "provision_id")?, &did)?;
        let cookie = store_sessions(library, &did, &dpop_key, holder).await?;
        let audience = format!("did:web:{HOST}#{SERVICE}");
        Ok(Self { did, account_key, audience, api_key: operator.api_key, cookie, client_key, dpop_key })
    }
}

/// Whoever sets the server up.
struct Operator {
    connection: Connection,
    api_key: String,
}

impl Operator {
    /// Sends JSON; `more` are header lines.
    async fn ask(&mut self, method: &str, target: &str, more: &str, body: &Value) -> anyhow::Result<Value> {
        let (body, key) = (body.to_string(), &self.api_key);
        // Apps are not operators: they prove themselves by other headers.
        let authorization =
            if more.is_empty() { format!("authorization: Bearer {key}\r\n") } else { String::new() };
        let request = format!(
            "{method} {target} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             {authorization}{more}\r\n{body}",
            body.len()
        );
        let answer = self.connection.send(request.as_bytes()).await?;
        match answer.status {
            200 | 201 => Ok(serde_json::from_slice(answer.body)?),
            204 => Ok(Value::Null),
            status => bail!("{method} {target}: {status} {}", String::from_utf8_lossy(answer.body)),
        }
    }
}

fn text(value: &Value, field: &str) -> anyhow::Result<String> {
    value[field].as_str().map(str::to_owned).with_context(|| format!("no {field} in {value}"))
}

/// Ties a key to somebody, as registering a session does; the rows that such a session belongs to.
fn bind_key(library: &Library, provision_id: &str, did: &Did) -> anyhow::Result<Holder> {
    let database = Sqlite::open(library.belvedere.data().join("state.db"))?;
    let sql = "UPDATE dpop_keys SET did = ?2 WHERE provision_id = ?1 RETURNING api_client_id, id";
    Ok(database.query_row(sql, [provision_id, did.as_str()], |row| {
        Ok(Holder::Device { api_client_id: row.get(0)?, dpop_key_id: row.get(1)? })
    })?)
}

/// Signs somebody in, in a browser and on a device; the browser's cookie.
async fn store_sessions(
    library: &Library,
    did: &Did,
    key: &PrivateJwk,
    holder: Holder,
) -> anyhow::Result<String> {
    let data_dir = library.belvedere.data();
    // A database is opened with all of its tables or not at all.
    let schemas = [appview::schemas(), vec![&sync::SCHEMA, &social::SCHEMA], registry::schemas()].concat();
    let store = Store::open(&StoreConfig::sqlite(data_dir), &schemas).await?;
    let vault = VaultConfig { data_dir, master_secret: None, token_encryption_key: None };
    let outbound = Outbound::new(OutboundConfig::default())?;
    let resolver = Resolver::new(outbound.clone(), ResolverConfig::new("https://plc.invalid".parse()?));
    let sessions = PdsSessions::new(PdsParts {
        state: store.state.clone(),
        cache: Cache::memory(MemoryConfig::default()),
        outbound,
        resolver,
        vault: Vault::open(&vault)?,
    });
    let session = NewPdsSession {
        did: did.clone(),
        holder,
        client_id: format!("{PUBLIC_URL}/app.json"),
        issuer: "https://pds.invalid".to_owned(),
        pds: "https://pds.invalid".parse()?,
        scopes: "atproto".to_owned(),
        key: key.clone(),
        access_token: ACCESS_TOKEN.to_owned(),
        refresh_token: None,
        expires_at: None,
    };
    sessions.save(session).await?;
    let browser = BrowserSessions::new(store.state.clone(), true).start(did, None).await?;
    let cookie = browser.set_cookie.to_str()?.split(';').next().context("an empty cookie")?;
    Ok(cookie.to_owned())
}
