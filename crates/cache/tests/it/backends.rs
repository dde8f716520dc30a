//! Runs a test on each backend.

use cache::{Cache, MemoryConfig};

/// Runs the test on memory, then on the server that `TEST_VALKEY_URL` names, there under a prefix of its own.
pub(crate) async fn on_each_backend(test: impl AsyncFn(Cache)) {
    eprintln!("backend: memory");
    test(Cache::memory(MemoryConfig::default())).await;
    if let Some(url) = valkey_url() {
        eprintln!("backend: valkey");
        test(Cache::connect(&url, &prefix()).await.unwrap()).await;
    }
}

/// The test server, or a loud word that there is none.
pub(crate) fn valkey_url() -> Option<String> {
    let url = std::env::var("TEST_VALKEY_URL").ok();
    if url.is_none() {
        eprintln!("SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services");
    }
    url
}

pub(crate) fn prefix() -> String {
    format!("test:{:016x}:", rand::random::<u64>())
}
