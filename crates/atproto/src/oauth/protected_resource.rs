//! The metadata of a server with data (RFC 9728).

use serde::Deserialize;

use super::document::{Rules, read};
use super::{DocumentError, web_url};

const DOCUMENT: &str = "protected resource metadata";

/// What a client needs to know of a PDS: who authorizes access to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectedResource {
    /// The issuer of its authorization server, an origin.
    pub authorization_server: String,
}

#[derive(Deserialize)]
struct Wire {
    resource: String,
    authorization_servers: Vec<String>,
}

impl ProtectedResource {
    /// The path of the document below the origin of the server.
    pub const PATH: &str = "/.well-known/oauth-protected-resource";

    /// Reads the document that is served at the origin `resource`. It must name exactly one authorization server.
    pub fn parse(json: &[u8], resource: &str) -> Result<Self, DocumentError> {
        let wire: Wire = read(DOCUMENT, json)?;
        let rules = Rules(DOCUMENT);
        rules.require(
            wire.resource == resource,
            "resource",
            "must be the origin the document is served at",
        )?;
        let Ok([issuer]) = <[String; 1]>::try_from(wire.authorization_servers) else {
            let rule = "must have exactly one item";
            return Err(DocumentError::Member { document: DOCUMENT, member: "authorization_servers", rule });
        };
        rules.require(web_url::is_origin(&issuer), "authorization_servers", "must be an https origin")?;
        Ok(Self { authorization_server: issuer })
    }
}
