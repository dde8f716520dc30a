//! What whoever looks on is told after a change.

use social::notifications::Notified;
use social::{Social, Told};

/// Collected in the transaction, told after its commit.
#[derive(Debug, Default)]
pub(crate) struct Telling(Vec<Told>);

impl Telling {
    pub(crate) fn and(mut self, told: Told) -> Self {
        self.0.push(told);
        self
    }

    pub(crate) fn notified(mut self, notified: impl IntoIterator<Item = Notified>) -> Self {
        let told = notified.into_iter().map(|it| Told::Notified { id: it.id.0, user_id: it.user.0 });
        self.0.extend(told);
        self
    }

    pub(crate) async fn tell(self, social: &Social) {
        for told in self.0 {
            social.live().tell(&told).await;
        }
    }
}
