//! Clients: programs that registered themselves, as anybody may.

use social::Id;
use store::{Conn, Row, v};
use url::Url;

use super::scope::Scopes;
use super::secret;
use crate::refusal::Refusal;

/// Where a code is shown instead of sent somewhere.
pub(crate) const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

const MAX_NAME: usize = 200;
const MAX_URI: usize = 2000;
const MAX_URIS: usize = 10;

/// Schemes that a browser does something else with than to lead to a client.
const NOT_CLIENTS: [&str; 9] =
    ["javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "mailto", "view-source"];

/// A registered client.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "the names are those of the protocol")]
pub(crate) struct Client {
    pub(crate) id: Id,
    pub(crate) client_id: String,
    pub(super) secret_hash: String,
    pub(crate) name: String,
    pub(crate) website: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) scopes: Scopes,
}

/// What somebody wants to register.
pub(crate) struct Registration {
    pub(crate) name: String,
    pub(crate) website: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) scopes: Scopes,
}

impl Registration {
    /// What is wrong with it, if anything is.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let name = self.name.chars().count();
        if name == 0 || name > MAX_NAME {
            return Err(Refusal::invalid(format!("client_name must have 1 to {MAX_NAME} characters")));
        }
        if self.redirect_uris.is_empty() || self.redirect_uris.len() > MAX_URIS {
            return Err(Refusal::invalid(format!("redirect_uris must be 1 to {MAX_URIS}")));
        }
        if let Some(uri) = self.redirect_uris.iter().find(|uri| !leads_to_a_client(uri)) {
            let uri: String = uri.chars().take(100).collect();
            return Err(Refusal::invalid(format!("redirect_uris: {uri} is not where a client can be")));
        }
        let is_page = |url: &String| is_short_url(url, &["https", "http"]);
        if self.website.as_ref().is_some_and(|url| !is_page(url)) {
            return Err(Refusal::invalid("website is not the address of a page"));
        }
        Ok(())
    }

    /// A new client and its secret, which nobody can see again.
    pub(crate) fn write(&self, conn: &mut Conn<'_>, now: i64) -> Result<(Client, String), store::Error> {
        let (client_id, secret) = (secret::random(), secret::random());
        let uris = serde_json::Value::from(self.redirect_uris.clone()).to_string();
        let (hash, scopes) = (secret::hash(&secret), self.scopes.to_string());
        let sql = "INSERT INTO social_oauth_apps
                 (id, client_id, secret_hash, name, redirect_uris, scopes, website, created_at, used_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING";
        let made = Id::insert(conn, "social_oauth_apps", now, |conn, id| {
            let params = [
                v(id),
                v(&client_id),
                v(&hash),
                v(&self.name),
                v(&uris),
                v(&scopes),
                v(self.website.as_deref()),
                v(now),
            ];
            conn.execute(sql, &params)
        })?;
        // Its other names are random and as long as a key.
        let id =
            made.ok_or_else(|| store::Error::NoRow { sql: "INSERT INTO social_oauth_apps".to_owned() })?;
        let client = Client {
            id,
            client_id,
            secret_hash: hash,
            name: self.name.clone(),
            website: self.website.clone(),
            redirect_uris: self.redirect_uris.clone(),
            scopes: self.scopes.clone(),
        };
        Ok((client, secret))
    }
}

impl Client {
    /// The client of this public id.
    pub(crate) fn find(conn: &mut Conn<'_>, client_id: &str) -> Result<Option<Self>, store::Error> {
        conn.query_opt(
            "SELECT id, client_id, secret_hash, name, website, redirect_uris, scopes
             FROM social_oauth_apps WHERE client_id = $1",
            &[v(client_id)],
            read,
        )
    }
}

fn read(row: &Row<'_>) -> Result<Client, store::Error> {
    Ok(Client {
        id: Id(row.int(0)?),
        client_id: row.string(1)?,
        secret_hash: row.string(2)?,
        name: row.string(3)?,
        website: row.opt_text(4)?.map(str::to_owned),
        redirect_uris: serde_json::from_str(row.text(5)?).unwrap_or_default(),
        // One that an older version knew allows nothing in this one.
        scopes: Scopes::parse(row.text(6)?).unwrap_or_else(Scopes::standard),
    })
}

fn leads_to_a_client(uri: &str) -> bool {
    uri == OUT_OF_BAND
        || (uri.len() <= MAX_URI
            && Url::parse(uri)
                .is_ok_and(|url| url.fragment().is_none() && !NOT_CLIENTS.contains(&url.scheme())))
}

fn is_short_url(url: &str, schemes: &[&str]) -> bool {
    url.len() <= MAX_URI && Url::parse(url).is_ok_and(|url| schemes.contains(&url.scheme()))
}

#[cfg(test)]
mod tests {
    use super::leads_to_a_client;

    #[test]
    fn codes_are_sent_to_clients_only() {
        for good in [
            "urn:ietf:wg:oauth:2.0:oob",
            "https://elk.example/api/oauth",
            "tusky://oauth",
            "http://127.0.0.1:9/",
            "com.example.app:/back",
        ] {
            assert!(leads_to_a_client(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "data:text/html,x",
            "",
            "/here",
            "https://a.example/#x",
        ] {
            assert!(!leads_to_a_client(bad), "{bad}");
        }
    }
}
