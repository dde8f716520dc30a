//! Pictures of people, whose files are apart from their rows.

use accounts::Imported;
use accounts::imported::Outcome;
use bytes::Bytes;
use store::{Conn, v};
use uuid::Uuid;

use super::Importer;
use crate::media::{MediaStore, Picture, Size};
use crate::{Error, Id};

/// People of one page.
const PAGE: u32 = 500;

/// A picture that somebody's row names, as the old server named it.
#[derive(Clone, Debug)]
pub struct OldPicture {
    /// Whose.
    pub user: Id,
    owner: Uuid,
    role: Role,
    address: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Avatar,
    Banner,
}

impl OldPicture {
    /// Where the old server has it: `users/UUID/NAME`, below its folder or in its bucket. Nothing hidden, nothing above.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        let (_, name) = self.address.rsplit_once(&format!("/media/users/{}/", self.owner))?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let is_name = !name.starts_with('.') && (1..=120).contains(&name.len()) && name.bytes().all(is_plain);
        is_name.then(|| format!("users/{}/{name}", self.owner))
    }

    /// What to call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.address
    }

    /// Where this server has it, if it is one of this server's.
    fn path(&self) -> Option<&str> {
        self.address.strip_prefix("/media/")
    }
}

impl Importer {
    /// The pictures of the next people at home here, by row; none at the end.
    pub async fn pictures(&self, after: Option<Id>) -> Result<Vec<OldPicture>, Error> {
        let after = after.map_or(-1, |id| id.0);
        let sql = "SELECT id, uuid, avatar_url, header_url FROM social_users
                   WHERE id > $1 AND host IS NULL AND (avatar_url IS NOT NULL OR header_url IS NOT NULL)
                   ORDER BY id LIMIT $2";
        let found = self.state.read(move |conn| {
            conn.query(sql, &[v(after), v(PAGE)], |row| {
                let (user, owner) = (Id(row.int(0)?), row.text(1)?.parse().unwrap_or_default());
                let picture = |role, address: Option<&str>| {
                    Some(OldPicture { user, owner, role, address: address?.to_owned() })
                };
                let (avatar, banner) = (row.opt_text(2)?, row.opt_text(3)?);
                Ok::<_, Error>([picture(Role::Avatar, avatar), picture(Role::Banner, banner)])
            })
        });
        Ok(found.await?.into_iter().flatten().flatten().collect())
    }

    /// Whether this server has it already.
    pub async fn has_picture(&self, media: &MediaStore, old: &OldPicture) -> Result<bool, Error> {
        Ok(match old.path() {
            Some(path) => media.get(path).await?.is_some(),
            None => false,
        })
    }

    /// Takes a picture over: checked and written anew, as if it was uploaded.
    pub async fn picture(
        &self,
        media: &MediaStore,
        old: &OldPicture,
        content: Bytes,
    ) -> Result<Outcome, Error> {
        let (role, size) = match old.role {
            Role::Avatar => ("avatar", Size::AVATAR),
            Role::Banner => ("banner", Size::BANNER),
        };
        let name = old.name().to_owned();
        let picture = match Picture::read(content, size).await {
            Ok(picture) => picture,
            Err(Error::Invalid(reason)) => return Ok(Outcome { name, taken: Err(reason) }),
            Err(error) => return Err(error),
        };
        let address = format!("/media/{}", media.put(old.owner, role, &picture).await?);
        let old = old.clone();
        self.state.write(move |conn| show(conn, &old, &address)).await?;
        Ok(Outcome { name, taken: Ok(Imported::Added) })
    }
}

/// Unless they have chosen another one meanwhile.
fn show(conn: &mut Conn<'_>, old: &OldPicture, address: &str) -> Result<(), Error> {
    let column = match old.role {
        Role::Avatar => "avatar_url",
        Role::Banner => "header_url",
    };
    let sql = format!("UPDATE social_users SET {column} = $2 WHERE id = $1 AND {column} = $3");
    conn.execute(&sql, &[old.user.into(), v(address), v(&old.address)])?;
    Ok(())
}
