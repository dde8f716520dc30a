//! A vendor's token at rest.

use accounts::{Purpose, Vault};
use serde::{Deserialize, Serialize};
use store::{Conn, v};

use crate::Error;

/// What the token of GitHub is filed under. No route takes it for the name of a vendor.
pub(crate) const GITHUB: &str = "github";

/// The vendors whose tokens are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Vendor {
    Openai,
    Anthropic,
    Gemini,
}

impl Vendor {
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Openai, Self::Anthropic, Self::Gemini].into_iter().find(|vendor| vendor.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Openai => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
        }
    }
}

/// What a token is sealed for: it opens for this account and vendor alone.
fn row_id(account: &str, vendor: &str) -> String {
    format!("{account}/{vendor}")
}

pub(super) fn put(
    conn: &mut Conn<'_>,
    vault: &Vault,
    account: &str,
    vendor: Vendor,
    token: &str,
) -> Result<(), Error> {
    let sealed = seal(vault, account, vendor.name(), token.as_bytes())?;
    put_sealed(conn, account, vendor.name(), &sealed)
}

/// Seals a token for its row.
pub(crate) fn seal(vault: &Vault, account: &str, vendor: &str, token: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(vault.seal(Purpose::SYNC_TOKENS, &row_id(account, vendor), token)?)
}

/// Keeps one that is [sealed](seal), in the place of any other of that vendor.
pub(crate) fn put_sealed(
    conn: &mut Conn<'_>,
    account: &str,
    vendor: &str,
    sealed: &[u8],
) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO sync_vendor_tokens (account_id, vendor, token, updated_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id, vendor)
         DO UPDATE SET token = excluded.token, updated_at = excluded.updated_at",
        &[v(account), v(vendor), v(sealed), v(clock::now_micros())],
    )?;
    Ok(())
}

/// Takes one over; whether it is of a vendor that is known.
pub(crate) fn import(
    conn: &mut Conn<'_>,
    vault: &Vault,
    account: &str,
    vendor: &str,
    token: &str,
) -> Result<bool, Error> {
    let Some(vendor) = Vendor::named(vendor) else { return Ok(false) };
    put(conn, vault, account, vendor, token).map(|()| true)
}

#[derive(Serialize)]
pub(crate) struct VendorToken {
    pub(crate) vendor: String,
    pub(crate) token: String,
}

/// Those of every vendor, opened.
pub(crate) fn all(conn: &mut Conn<'_>, vault: &Vault, account: &str) -> Result<Vec<VendorToken>, Error> {
    get(conn, vault, account, None)
}

/// The tokens of one vendor or of all, opened.
pub(super) fn get(
    conn: &mut Conn<'_>,
    vault: &Vault,
    account: &str,
    vendor: Option<Vendor>,
) -> Result<Vec<VendorToken>, Error> {
    conn.query(
        "SELECT vendor, token FROM sync_vendor_tokens
         WHERE account_id = $1 AND vendor = COALESCE($2, vendor) AND vendor <> 'github' ORDER BY vendor",
        &[v(account), v(vendor.map(Vendor::name))],
        |row| {
            let vendor = row.string(0)?;
            let token = vault.unseal_text(Purpose::SYNC_TOKENS, &row_id(account, &vendor), row.blob(1)?)?;
            Ok(VendorToken { vendor, token })
        },
    )
}

/// Whether there was one.
pub(crate) fn remove(conn: &mut Conn<'_>, account: &str, vendor: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM sync_vendor_tokens WHERE account_id = $1 AND vendor = $2";
    Ok(conn.execute(sql, &[v(account), v(vendor)])? > 0)
}
