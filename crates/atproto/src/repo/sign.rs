//! Commits as they are made: signed by the repository's own key.

use super::Commit;
use crate::Cid;
use crate::cbor::Writer;
use crate::crypto::PrivateKey;

/// A commit as it is kept and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBlock {
    /// Of the block.
    pub cid: Cid,
    /// The commit in its canonical encoding, signature included.
    pub block: Vec<u8>,
}

impl Commit {
    /// Signs the commit, in version 3, without a link to the one before, as every repository of today does.
    #[must_use]
    pub fn sign(&self, key: &PrivateKey) -> SignedBlock {
        let signature = key.sign(&self.encode(None));
        let block = self.encode(Some(&signature));
        SignedBlock { cid: Cid::dag_cbor_sha256(&block), block }
    }

    /// The fields in canonical order.
    fn encode(&self, signature: Option<&[u8; 64]>) -> Vec<u8> {
        let mut writer = Writer::with_capacity(256);
        writer.map(if signature.is_some() { 6 } else { 5 });
        writer.text("did").text(self.did.as_str());
        writer.text("rev").text(&self.rev.to_string());
        if let Some(signature) = signature {
            writer.text("sig").bytes(signature);
        }
        writer.text("data").link(&self.data);
        writer.text("prev").null();
        writer.text("version").integer(3);
        writer.finish()
    }
}
