//! Whom accounts are on GitHub.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use serde_json::value::RawValue;
use store::{Conn, v};

use super::item::{Seals, Trouble};
use super::value::Bytes;
use crate::Error;
use crate::vendors;
use crate::wire::Label;

#[derive(Deserialize)]
pub(super) struct GithubUser {
    id: Label,
    profile: Box<RawValue>,
    token: Option<Bytes>,
}

impl Item for GithubUser {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        self.id.to_string()
    }

    fn put(&self, conn: &mut Conn<'_>, seals: &Seals) -> Result<Imported, Trouble> {
        let found = conn.query_opt(
            "SELECT id, github_profile FROM sync_accounts WHERE github_id = $1",
            &[v(&*self.id)],
            |row| Ok::<_, store::Error>((row.string(0)?, row.opt_text(1)?.map(str::to_owned))),
        )?;
        let Some((account, profile)) = found else {
            return Err(Trouble::refused("no account that was taken over is connected to it"));
        };
        if profile.is_some() {
            return Ok(Imported::Kept);
        }
        let sql = "UPDATE sync_accounts SET github_profile = $2 WHERE id = $1";
        conn.execute(sql, &[v(&account), v(self.profile.get())])?;
        let opened = self.token.as_ref().zip(seals.old.as_ref());
        let opened =
            opened.and_then(|(token, old)| old.open(&["user", &account, "github", "token"], &token.0));
        if let Some(token) = opened {
            let sealed = vendors::seal(&seals.vault, &account, vendors::GITHUB, &token)?;
            vendors::put_sealed(conn, &account, vendors::GITHUB, &sealed)?;
        }
        Ok(Imported::Added)
    }
}
