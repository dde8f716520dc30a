//! A logo of our own.

use data_encoding::BASE64;
use events::{Event, kinds};
use store::{Conn, v};

use super::{
    Settings,
    change::{put, remove},
};
use crate::{Actor, Error};

/// Largest logo, in bytes.
pub(crate) const MAX_LOGO_BYTES: usize = 5 << 20;

pub(super) const DATA: &str = "logo_data";
pub(super) const TYPE: &str = "logo_content_type";

/// An image, and what it says it is. Whoever serves it must forbid browsers to run what may be in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// `image/…`
    pub content_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Settings {
    /// The stored logo.
    pub async fn logo(&self) -> Result<Option<Logo>, Error> {
        self.state
            .read(|conn| {
                let logo = conn.query_opt(
                    "SELECT t.value, d.value FROM instance_settings t, instance_settings d \
                     WHERE t.key = $1 AND d.key = $2",
                    &[v(TYPE), v(DATA)],
                    |row| Ok::<_, Error>((row.string(0)?, row.string(1)?)),
                )?;
                Ok(logo.map(|(content_type, data)| Logo {
                    content_type,
                    bytes: BASE64.decode(data.as_bytes()).unwrap_or_default(),
                }))
            })
            .await
    }

    /// Stores an image of at most 5 MB.
    pub async fn set_logo(&self, actor: &Actor, logo: Logo) -> Result<(), Error> {
        check(&logo)?;
        let data = BASE64.encode(&logo.bytes);
        self.state
            .write(move |conn: &mut Conn<'_>| {
                put(conn, DATA, &data)?;
                put(conn, TYPE, &logo.content_type)
            })
            .await?;
        self.refresh().await?;
        self.events.record(Event::new(kinds::SETTING_UPDATED).actor(actor.did()).subject("logo"));
        Ok(())
    }

    /// Removes the stored logo; `false` if there is none.
    pub async fn remove_logo(&self, actor: &Actor) -> Result<bool, Error> {
        let removed = self.state.write(|conn| remove(conn, &[DATA, TYPE])).await?;
        self.refresh().await?;
        if removed {
            self.events.record(Event::new(kinds::SETTING_DELETED).actor(actor.did()).subject("logo"));
        }
        Ok(removed)
    }
}

fn check(logo: &Logo) -> Result<(), Error> {
    let subtype = logo.content_type.strip_prefix("image/").unwrap_or_default();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    if subtype.is_empty() || subtype.len() > 100 || !subtype.bytes().all(plain) {
        return Err(Error::Logo("must be an image: its content type must begin with image/"));
    }
    if logo.bytes.is_empty() || logo.bytes.len() > MAX_LOGO_BYTES {
        return Err(Error::Logo("must have between 1 byte and 5 MB"));
    }
    Ok(())
}
