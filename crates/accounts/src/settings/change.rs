//! Changing settings.

use events::{Event, kinds};
use serde_json::json;
use store::{Conn, v};

use super::{Settings, table};
use crate::{Actor, Error, clock::now_micros};

impl Settings {
    /// Gives a setting a value. Only settings of [`SETTINGS`](super::SETTINGS) can be written, with values that fit.
    pub async fn set(&self, actor: &Actor, key: &str, value: &str) -> Result<(), Error> {
        let info = table::info(key).ok_or_else(|| Error::UnknownSetting(key.to_owned()))?;
        if let Some(problem) = info.takes.problem(value) {
            return Err(Error::SettingValue { key: info.key, problem });
        }
        self.put(info.key, value).await?;
        self.events.record(
            Event::new(kinds::SETTING_UPDATED)
                .actor(actor.did())
                .subject(key)
                .detail(json!({ "value": value })),
        );
        Ok(())
    }

    /// Takes back a value that was set; the environment's or the default holds again. `false` if none was set, or if
    /// there is no such setting.
    pub async fn unset(&self, actor: &Actor, key: &str) -> Result<bool, Error> {
        let Some(info) = table::info(key) else { return Ok(false) };
        let removed = self.state.write(move |conn| remove(conn, &[info.key])).await?;
        self.refresh().await?;
        if removed {
            self.events.record(Event::new(kinds::SETTING_DELETED).actor(actor.did()).subject(key));
        }
        Ok(removed)
    }

    /// Stores a value that fits and puts it into effect.
    pub(super) async fn put(&self, key: &'static str, value: &str) -> Result<(), Error> {
        let value = value.to_owned();
        self.state.write(move |conn| put(conn, key, &value)).await?;
        self.refresh().await
    }
}

pub(crate) fn put(conn: &mut Conn<'_>, key: &str, value: &str) -> Result<(), store::Error> {
    conn.execute(
        "INSERT INTO instance_settings (key, value, updated_at) VALUES ($1, $2, $3) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        &[v(key), v(value), v(now_micros())],
    )?;
    Ok(())
}

/// Whether any of the rows was there.
pub(super) fn remove(conn: &mut Conn<'_>, keys: &[&str]) -> Result<bool, store::Error> {
    let mut removed = 0;
    for key in keys {
        removed += conn.execute("DELETE FROM instance_settings WHERE key = $1", &[v(*key)])?;
    }
    Ok(removed > 0)
}
