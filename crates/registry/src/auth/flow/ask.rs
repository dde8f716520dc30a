//! A device begins.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

use super::{Flow, LIFE, Pending, UserCode, code_key, pending_key};
use crate::auth::Error;
use crate::auth::tokens::now_seconds;

/// Longest name of a device, and of what its program calls itself, in characters.
const MAX_CHARS: usize = 200;

/// What a device says of itself, and what is known of it.
pub(in crate::auth) struct Request {
    pub(in crate::auth) name: String,
    pub(in crate::auth) ip_address: String,
    pub(in crate::auth) user_agent: String,
}

/// The two codes: one for the device, one for whoever approves it.
pub(in crate::auth) struct Asked {
    pub(in crate::auth) device_code: String,
    pub(in crate::auth) user_code: UserCode,
}

impl Flow {
    pub(in crate::auth) async fn ask(&self, request: Request) -> Result<Asked, Error> {
        let device_code = BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>());
        let created_at = now_seconds();
        let name = line(&request.name);
        let pending = Pending {
            device: hash(&device_code),
            name: if name.is_empty() { "device".to_owned() } else { name },
            ip_address: request.ip_address,
            user_agent: line(&request.user_agent),
            created_at,
            expires_at: created_at + i64::try_from(LIFE.as_secs()).unwrap_or_default(),
        };
        let json = serde_json::to_vec(&pending).map_err(|error| Error::Asked(error.into()))?;
        self.cache.set(&pending_key(&pending.device), json.clone().into(), LIFE).await?;
        loop {
            let user_code = UserCode::generate();
            // Kept for longer, so that whoever comes too late is told so.
            if self.cache.set_if_absent(&code_key(&user_code), json.clone().into(), 2 * LIFE).await? {
                return Ok(Asked { device_code, user_code });
            }
        }
    }
}

/// What is kept of a device code.
pub(super) fn hash(device_code: &str) -> String {
    HEXLOWER.encode(digest(&SHA256, device_code.as_bytes()).as_ref())
}

/// One short line: strangers wrote it, and people read it before they decide.
fn line(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() || is_invisible(c) { ' ' } else { c });
    plain.take(MAX_CHARS).collect::<String>().trim().to_owned()
}

/// Marks that turn the direction of what follows, or are nothing at all.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(line(" my\nlaptop\u{202e} "), "my laptop");
        assert_eq!(line(&"ä".repeat(MAX_CHARS + 1)).chars().count(), MAX_CHARS);
    }
}
