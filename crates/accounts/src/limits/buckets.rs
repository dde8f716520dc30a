//! Buckets of everybody who has a limit.

use cache::{Cache, Decision};

use super::bucket::Bucket;
use super::patient::Patient;

/// In the cache that all instances share.
pub(super) struct Buckets {
    shared: Cache,
    patient: Patient,
}

impl Buckets {
    pub(super) fn new(shared: Cache) -> Self {
        Self { shared, patient: Patient::new() }
    }

    pub(super) async fn take(&self, bucket: &Bucket, cost: u32) -> Decision {
        let measures = (bucket.limit.capacity, bucket.limit.refill_rate);
        self.patient.take(&self.shared, &bucket.key, measures, cost).await
    }
}
