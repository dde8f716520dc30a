//! Reads the text of a setting, or says what is wrong with it and what would be right.

mod addresses;
mod federation;
mod numbers;
mod places;
mod secrets;
mod words;

pub(super) use addresses::{
    address, base_path, dns_server, hosts, origin, trusted_proxies, web_url, websocket_urls,
};
pub(super) use federation::{
    backfill, fetch_bytes, inbox_bytes, per_minute, signature_form, signature_window,
};
pub(super) use numbers::{
    account_bytes, characters, connections, days, job_concurrency, long_seconds, port, seconds, time_scale,
    token_seconds, tokens, tokens_per_second, upload_bytes,
};
pub(super) use places::{bucket, cache, database, folder};
pub(super) use secrets::{
    api_key, attestation_key, local_accounts, master_secret, secret, token_encryption_key,
};
pub(super) use words::{
    auto_or_off, description, did, dids, fsync, header, json_object, key_id, log_filter, manual_or_auto,
    mode, name, nsid, switch,
};

type Read<T> = Result<T, String>;

pub(super) fn is_not(text: &str, expected: &str) -> String {
    format!("`{text}` is not {expected}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_repeated() {
        for error in [
            web_url("https://me:secret@plc.directory").unwrap_err(),
            cache("http://:secret@host").unwrap_err(),
            database("mysql://me:secret@host/db").unwrap_err(),
            master_secret("secret").unwrap_err(),
            token_encryption_key("c2VjcmV0secret").unwrap_err(),
            attestation_key("secret").unwrap_err(),
            api_key("my secret").unwrap_err(),
            local_accounts("alice:secret").unwrap_err(),
            local_accounts("alice.test secret").unwrap_err(),
        ] {
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
