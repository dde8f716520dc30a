//! The service that a bucket is at, as it is spoken to.

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::{ClientOptions, RetryConfig};

use crate::way::{Patience, TIMEOUT, Way};
use crate::{Error, Location};

/// How often something is tried again.
const RETRIES: usize = 2;

/// Asks nothing yet. What fails is tried again twice, if it is about to help.
pub(crate) fn service(location: &Location, patience: Patience) -> Result<AmazonS3, Error> {
    let options = ClientOptions::new().with_allow_http(!location.has_tls);
    let retry = RetryConfig { max_retries: RETRIES, retry_timeout: TIMEOUT, ..RetryConfig::default() };
    let store = AmazonS3Builder::new()
        .with_endpoint(&location.endpoint)
        .with_bucket_name(&location.bucket)
        .with_region(&location.region)
        .with_access_key_id(&location.key)
        .with_secret_access_key(&location.secret)
        .with_virtual_hosted_style_request(false)
        // TLS sees to it already that what is sent arrives, and blobs are checked as a whole.
        .with_unsigned_payload(location.has_tls && patience == Patience::Next)
        // Objects are removed one by one: not every store that speaks S3 knows another way.
        .with_config(AmazonS3ConfigKey::DisableBulkDelete, "true")
        .with_client_options(options)
        .with_http_connector(Way { has_tls: location.has_tls, patience })
        .with_retry(retry)
        .build()?;
    Ok(store)
}
