//! Noticing at the start that the bucket is of no use.

use blobs::{Bucket, Location};

/// Says so in the log. A server without its bucket does everything but attachments, and those as soon as the bucket is back.
pub(crate) async fn warn_if_unreachable(location: Location) {
    let Ok(bucket) = Bucket::new(location) else { return };
    match bucket.check().await {
        Ok(()) => tracing::info!(?bucket, "the bucket takes, gives and removes objects"),
        Err(unfit) => tracing::error!(
            ?bucket,
            error = %unfit,
            "attachments cannot be stored in the bucket, and are refused until they can: {}",
            unfit.advice()
        ),
    }
}
