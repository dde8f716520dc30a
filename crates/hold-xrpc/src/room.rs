//! Whether there is room before anything is sent.

use atproto::Did;
use server::Problem;

use crate::refusal::of_hold;
use crate::service::Served;

impl Served {
    /// Refuses who has used all their room. How much something will take is not known before it was sent.
    pub(crate) async fn has_room(&self, sender: &Did) -> Result<(), Problem> {
        let usage = self.hold.usage(sender).await.map_err(of_hold)?;
        match usage.limit.filter(|_| usage.is_full()) {
            Some(limit) => Err(of_hold(hold::Error::Quota { limit, used: usage.bytes, more: 1 })),
            None => Ok(()),
        }
    }
}
