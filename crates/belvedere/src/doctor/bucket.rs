//! Whether attachments can be stored in the bucket, if there is one.

use blobs::Bucket;

use super::Finding;
use super::patient::Patient;

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let Some(location) = &patient.settings.bucket else {
        return vec![Finding::ok("attachments are in the database")];
    };
    let bucket = match Bucket::new(location.clone()) {
        Ok(bucket) => bucket,
        Err(error) => return vec![Finding::fail(error.to_string(), "correct s3_url")],
    };
    vec![match bucket.check().await {
        Ok(()) => Finding::ok(format!("{location:?} takes, gives and removes objects")),
        Err(unfit) => Finding::fail(format!("{location:?}: {unfit}"), unfit.advice()),
    }]
}
