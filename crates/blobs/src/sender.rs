//! How many uploads one sender may have open among all of them, so that no one keeps everybody else from sending.
//!
//! Whose an upload is stands at the end of its name: nothing else has to be remembered for that, not even while a server is restarted.

use oci::UploadId;
use uuid::Uuid;

/// Uploads that one sender has open at once, a few more if they are begun at the same moment.
pub(crate) const MOST_OF_ONE: usize = 1000;

/// Who an upload is counted for: bytes that stand for somebody. Whoever can choose theirs can have somebody else's, so they should be a
/// keyed hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sender(pub [u8; 4]);

impl Sender {
    /// Whether an upload is this one's.
    pub(crate) fn has(self, id: UploadId) -> bool {
        id.as_bytes()[12..] == self.0
    }

    /// How the names of all of this one's uploads end.
    pub(crate) fn end(self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.0))
    }
}

/// A new name, greater than all before.
pub(crate) fn new_id(sender: Option<Sender>) -> UploadId {
    let mut bytes = Uuid::now_v7().into_bytes();
    if let Some(Sender(end)) = sender {
        bytes[12..].copy_from_slice(&end);
    }
    UploadId::from(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_name_says_whose_it_is_and_there_is_each_once() {
        let (one, other) = (Sender([1, 2, 3, 0xff]), Sender([1, 2, 3, 0xfe]));
        let ids: HashSet<_> = (0..10_000).map(|_| new_id(Some(one))).collect();
        assert_eq!(ids.len(), 10_000);
        for id in ids {
            assert!(one.has(id) && !other.has(id));
            assert!(id.to_string().ends_with(&one.end()), "{id}");
            assert_eq!(UploadId::parse(&id.to_string()), Ok(id));
        }
    }
}
