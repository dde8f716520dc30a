//! The picture that an account shows, which the old server has in a file beside its database.

use accounts::Imported;
use accounts::imported::reason_in_a_row;
use store::Conn;

use super::item::{Trouble, require_account};
use super::{Importer, Outcome};
use crate::Error;
use crate::avatars::{NewAvatar, Picture, has, is_path, put};

impl Importer {
    /// Takes over what an account that has been taken over shows, at the path where it has it. A picture that is here already stays.
    pub async fn avatar(&self, account: String, path: String, content: Vec<u8>) -> Result<Outcome, Error> {
        let name = path.clone();
        let picture = match Picture::read(content.into()).await {
            Ok(picture) if is_path(&path, &account, &picture) => picture,
            Ok(_) => return Ok(Outcome { name, taken: Err("its path is none of a picture".to_owned()) }),
            Err(reason) => return Ok(Outcome { name, taken: Err(reason.to_string()) }),
        };
        let new = NewAvatar { path, picture, source: None, object: None };
        let take = move |conn: &mut Conn<'_>| match take(conn, &account, &new) {
            Ok(imported) => Ok(Ok(imported)),
            Err(Trouble::Refused(reason)) => Ok(Err(reason)),
            Err(Trouble::Failed(error)) => Err(error),
        };
        let taken = match self.state.write(take).await {
            Ok(taken) => taken,
            Err(error) => Err(reason_in_a_row(error)?),
        };
        Ok(Outcome { name, taken })
    }
}

fn take(conn: &mut Conn<'_>, account: &str, new: &NewAvatar) -> Result<Imported, Trouble> {
    require_account(conn, account)?;
    if has(conn, account)? {
        return Ok(Imported::Kept);
    }
    put(conn, account, new, clock::now_micros())?;
    Ok(Imported::Added)
}
