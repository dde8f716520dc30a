//! The backend on a Valkey or Redis server.

mod connection;
mod listener;

use self::listener::Listener;
use crate::bounds::MAX_VALUE_BYTES;
use crate::bucket::{Balance, Charge};
use crate::{Error, Subscription};
use bytes::Bytes;
use redis::aio::ConnectionManager;
use redis::{Cmd, FromRedisValue, Script, ScriptInvocation};
use std::sync::LazyLock;
use std::time::Duration;

static BUCKET: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("bucket.lua")));
static INCREMENT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("increment.lua")));
static RELEASE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("release.lua")));
static RENEW: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("renew.lua")));

pub(crate) struct Valkey {
    connection: ConnectionManager,
    prefix: String,
    listener: Listener,
}

/// The methods are named and documented as those of [`Cache`](crate::Cache), which has checked the arguments.
///
/// A command whose connection breaks is not sent again: whether it was carried out is unknown.
impl Valkey {
    pub(crate) async fn connect(url: &str, prefix: &str) -> Result<Self, Error> {
        let client = connection::client(url)?;
        let connection = connection::manager(&client).await?;
        Ok(Self {
            connection,
            prefix: prefix.to_owned(),
            listener: Listener::spawn(client, prefix.to_owned()),
        })
    }

    #[expect(clippy::unused_self, reason = "both backends are called the same way")]
    pub(crate) fn max_value_bytes(&self) -> usize {
        MAX_VALUE_BYTES
    }

    pub(crate) async fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        self.run("get", redis::cmd("GET").arg(self.value(key))).await
    }

    pub(crate) async fn set(&self, key: &str, value: Bytes, ttl: Duration) -> Result<(), Error> {
        self.run("set", redis::cmd("SET").arg(self.value(key)).arg(&value[..]).arg("PX").arg(millis(ttl)))
            .await
    }

    pub(crate) async fn set_if_absent(&self, key: &str, value: Bytes, ttl: Duration) -> Result<bool, Error> {
        self.put_if_absent("set_if_absent", &self.value(key), &value, ttl).await
    }

    pub(crate) async fn take(&self, key: &str) -> Result<Option<Bytes>, Error> {
        self.run("take", redis::cmd("GETDEL").arg(self.value(key))).await
    }

    pub(crate) async fn increment(&self, key: &str, by: i64, ttl: Duration) -> Result<i64, Error> {
        let sum: Option<i64> =
            self.invoke("increment", INCREMENT.key(self.key("count", key)).arg(by).arg(millis(ttl))).await?;
        sum.ok_or_else(|| Error::Overflow { key: key.to_owned() })
    }

    pub(crate) async fn lock(&self, key: &str, token: &str, ttl: Duration) -> Result<bool, Error> {
        self.put_if_absent("try_lock", &self.key("lock", key), token.as_bytes(), ttl).await
    }

    pub(crate) async fn renew(&self, key: &str, token: &str, ttl: Duration) -> Result<bool, Error> {
        self.invoke("renew", RENEW.key(self.key("lock", key)).arg(token).arg(millis(ttl))).await
    }

    pub(crate) async fn release(&self, key: &str, token: &str) -> Result<bool, Error> {
        self.invoke("release", RELEASE.key(self.key("lock", key)).arg(token)).await
    }

    pub(crate) async fn spend(&self, key: &str, charge: Charge, now: Option<u64>) -> Result<Balance, Error> {
        let now = now.map(|micros| micros.to_string()).unwrap_or_default();
        let (allowed, debt) = self
            .invoke(
                "token_bucket",
                BUCKET.key(self.key("bucket", key)).arg(charge.capacity).arg(charge.cost).arg(now),
            )
            .await?;
        Ok(Balance { allowed, debt })
    }

    pub(crate) async fn publish(&self, channel: &str, message: Bytes) -> Result<(), Error> {
        let channel = format!("{}{channel}", self.prefix);
        self.run("publish", redis::cmd("PUBLISH").arg(channel).arg(&message[..])).await
    }

    pub(crate) async fn subscribe(&self, channel: &str) -> Result<Subscription, Error> {
        self.listener.subscribe(channel).await
    }

    async fn put_if_absent(
        &self,
        operation: &'static str,
        key: &str,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, Error> {
        let mut command = redis::cmd("SET");
        command.arg(key).arg(value).arg("NX").arg("PX").arg(millis(ttl));
        // The answer is "OK", or nil if the key was there.
        let answer: Option<String> = self.run(operation, &command).await?;
        Ok(answer.is_some())
    }

    fn value(&self, key: &str) -> String {
        self.key("value", key)
    }

    fn key(&self, kind: &str, key: &str) -> String {
        format!("{}{kind}:{key}", self.prefix)
    }

    async fn run<T: FromRedisValue>(&self, operation: &'static str, command: &Cmd) -> Result<T, Error> {
        command
            .query_async(&mut self.connection.clone())
            .await
            .map_err(|source| Error::Command { operation, source })
    }

    async fn invoke<T: FromRedisValue>(
        &self,
        operation: &'static str,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, Error> {
        script
            .invoke_async(&mut self.connection.clone())
            .await
            .map_err(|source| Error::Command { operation, source })
    }
}

impl std::fmt::Debug for Valkey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Valkey").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

fn millis(ttl: Duration) -> u64 {
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX)
}
