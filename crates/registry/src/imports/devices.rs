//! Devices of another registry, with the secrets that they have.

use accounts::Imported;
use atproto::Did;
use store::{Conn, Database, Value, v};

/// A device as another registry kept it; nothing of it is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// What it was known by.
    pub id: String,
    /// Whom it acts for.
    pub did: String,
    /// What they were called.
    pub handle: String,
    /// What they call it.
    pub name: String,
    /// bcrypt of its secret.
    pub secret_hash: String,
    /// Where it was when it asked.
    pub ip_address: String,
    /// What it said it was.
    pub user_agent: String,
    /// In microseconds; now if nobody knows.
    pub created_at: Option<i64>,
    /// In microseconds.
    pub last_used_at: Option<i64>,
}

/// Why a device cannot be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADevice {
    /// Nobody is called so.
    #[error("whom it acts for is no DID")]
    Owner,
    /// An id goes into tokens.
    #[error("its id is not one of letters, digits, - and _")]
    Id,
    /// What is in place of the hash opens nothing, or would keep a thread busy for long.
    #[error("its secret is not kept as bcrypt of a cost up to 14")]
    Hash,
    /// Somebody else's device is called so here.
    #[error("another account has a device with that id here")]
    Taken,
}

/// Letters of an id at most.
const MAX_ID: usize = 128;

/// Letters of what people read at most.
const MAX_TEXT: usize = 255;

/// bcrypt of this cost takes about a second.
const MAX_COST: u32 = 14;

/// Takes devices over, in one transaction; what became of each. One that is here stays as it is, also if it was revoked here.
pub async fn import_devices(
    state: &Database,
    devices: Vec<Device>,
) -> Result<Vec<Result<Imported, NotADevice>>, store::Error> {
    state.write(move |conn| devices.iter().map(|device| take(conn, device)).collect()).await
}

fn take(conn: &mut Conn<'_>, device: &Device) -> Result<Result<Imported, NotADevice>, store::Error> {
    let owner = match device.check() {
        Ok(owner) => owner,
        Err(reason) => return Ok(Err(reason)),
    };
    let sql = "INSERT INTO registry_devices
            (id, did, handle, name, secret_hash, ip_address, user_agent, created_at, last_used_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING";
    let [handle, name, address, agent] =
        [&device.handle, &device.name, &device.ip_address, &device.user_agent].map(|text| shortened(text));
    let written = conn.execute(
        sql,
        &[
            v(&device.id),
            v(owner.as_str()),
            v(&handle),
            v(&name),
            v(&device.secret_hash),
            v(&address),
            v(&agent),
            v(device.created_at.unwrap_or_else(clock::now_micros)),
            device.last_used_at.map_or(Value::Null, v),
        ],
    )?;
    if written > 0 {
        return Ok(Ok(Imported::Added));
    }
    let there = "SELECT did FROM registry_devices WHERE id = $1";
    let whose = conn.query_one(there, &[v(&device.id)], |row| row.string(0))?;
    Ok(if whose == owner.as_str() { Ok(Imported::Kept) } else { Err(NotADevice::Taken) })
}

impl Device {
    fn check(&self) -> Result<Did, NotADevice> {
        let owner = Did::parse(&self.did).map_err(|_| NotADevice::Owner)?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !(1..=MAX_ID).contains(&self.id.len()) || !self.id.bytes().all(is_plain) {
            return Err(NotADevice::Id);
        }
        if is_bcrypt(&self.secret_hash) { Ok(owner) } else { Err(NotADevice::Hash) }
    }
}

/// `$2b$12$` and 53 letters.
fn is_bcrypt(hash: &str) -> bool {
    let mut parts = hash.strip_prefix('$').unwrap_or_default().split('$');
    let (Some(version), Some(cost), Some(rest), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let cost = cost.parse().ok().filter(|_| cost.len() == 2);
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/');
    matches!(version, "2a" | "2b" | "2y")
        && cost.is_some_and(|cost: u32| (4..=MAX_COST).contains(&cost))
        && rest.len() == 53
        && rest.bytes().all(is_letter)
}

fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(MAX_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "$2b$04$9b19clxGyye2NJ7TQkBlt.7Z.mTx0CtC6HQKjv9IBatCif9N5XGn6";

    fn device(id: &str) -> Device {
        Device {
            id: id.to_owned(),
            did: "did:plc:abc234".to_owned(),
            handle: "alice.test".to_owned(),
            name: "laptop\u{1b}[31m".to_owned(),
            secret_hash: HASH.to_owned(),
            ip_address: String::new(),
            user_agent: "x".repeat(1_000),
            created_at: None,
            last_used_at: Some(1),
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_device_is_taken_over_once() {
        testkit::on_each_engine(&[crate::SCHEMAS[0]], |store| async move {
            let with = |change: fn(&mut Device)| {
                let mut device = device("d2");
                change(&mut device);
                device
            };
            let devices = vec![
                device("d1"),
                device("d1"),
                Device { did: "did:plc:other".to_owned(), ..device("d1") },
                with(|device| device.did = "alice".to_owned()),
                with(|device| device.id = "../d".to_owned()),
                with(|device| device.id = String::new()),
                with(|device| {
                    device.secret_hash =
                        "$2b$31$9b19clxGyye2NJ7TQkBlt.7Z.mTx0CtC6HQKjv9IBatCif9N5XGn6".to_owned();
                }),
                with(|device| device.secret_hash = HASH.to_uppercase() + "0"),
                with(|device| device.secret_hash = "secret".to_owned()),
            ];
            let taken = import_devices(&store.state, devices).await.unwrap();
            let expected = [
                Ok(Imported::Added),
                Ok(Imported::Kept),
                Err(NotADevice::Taken),
                Err(NotADevice::Owner),
                Err(NotADevice::Id),
                Err(NotADevice::Id),
                Err(NotADevice::Hash),
                Err(NotADevice::Hash),
                Err(NotADevice::Hash),
            ];
            assert_eq!(taken, expected);
            let rows = store.state.read(|conn| {
                conn.query("SELECT name, user_agent FROM registry_devices", &[], |row| {
                    Ok::<_, store::Error>((row.string(0)?, row.string(1)?.len()))
                })
            });
            assert_eq!(rows.await.unwrap(), [("laptop[31m".to_owned(), MAX_TEXT)]);
        })
        .await;
    }
}
