//! Opening fixtures and reading all of a kind.

use happyview::{EncryptionKey, Items, Source, Unreadable};
use testkit::{Happyview, HappyviewLayout, databases};

/// Runs a test on a database of a layout on each engine.
pub(crate) async fn each(layout: HappyviewLayout, test: impl AsyncFn(Happyview)) {
    for database in databases().await {
        test(Happyview::create(database, layout).await).await;
    }
}

/// Opens it with the right key.
pub(crate) async fn open(fixture: &Happyview) -> Source {
    let key = EncryptionKey::parse(&Happyview::token_encryption_key()).unwrap();
    Source::open(&fixture.url(), Some(key)).await.unwrap()
}

/// Everything, readable or not.
pub(crate) async fn all<T>(mut items: Items<'_, T>) -> Vec<Result<T, Unreadable>> {
    let mut found = Vec::new();
    while let Some(page) = items.next_page().await.unwrap() {
        found.extend(page);
    }
    assert_eq!(items.count().await.unwrap(), found.len() as u64);
    found
}

/// Everything, which must be readable.
pub(crate) async fn good<T: std::fmt::Debug>(items: Items<'_, T>) -> Vec<T> {
    all(items).await.into_iter().collect::<Result<_, _>>().unwrap()
}
