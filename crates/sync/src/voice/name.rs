//! What an account is called at ElevenLabs.

use data_encoding::BASE64URL_NOPAD;
use store::{Conn, Database, v};

use crate::Error;

/// It is made when it is first needed and then stays, whatever becomes of the master secret: what was used counts under it. That of an
/// account that was taken over came with it (`import`), so nothing of it is forgotten.
pub(super) async fn name(state: &Database, account: &str) -> Result<String, Error> {
    let id = account.to_owned();
    if let Some(name) = state.read_brief(move |conn| find(conn, &id)).await? {
        return Ok(name);
    }
    let id = account.to_owned();
    state.write(move |conn| find_or_make(conn, &id)).await
}

fn find(conn: &mut Conn<'_>, account: &str) -> Result<Option<String>, Error> {
    let sql = "SELECT voice_name FROM sync_accounts WHERE id = $1";
    let found =
        conn.query_opt(sql, &[v(account)], |row| Ok::<_, Error>(row.opt_text(0)?.map(str::to_owned)))?;
    found.ok_or(Error::NotFound("Account"))
}

fn find_or_make(conn: &mut Conn<'_>, account: &str) -> Result<String, Error> {
    let name = format!("u_{}", BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>()));
    conn.execute(
        "UPDATE sync_accounts SET voice_name = $2 WHERE id = $1 AND voice_name IS NULL",
        &[v(account), v(&name)],
    )?;
    Ok(find(conn, account)?.unwrap_or(name))
}
