//! What a host can lie about, and what an honest reader must conclude.

/// One way in which a host answers otherwise than its accounts' repositories are.
///
/// "Refuses" below means: stores nothing of the answer, says that the repository cannot be believed, and concludes nothing
/// about records that are here already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lie {
    /// Commits are signed with a key that is not the account's; all else is true. A reader of CARs refuses; a reader of
    /// pages cannot know, and what it reads is true.
    BadSignature,
    /// One record of every collection has another content than its CID says, in CARs and in pages. Every reader refuses
    /// that record at least; a reader of CARs refuses the repository.
    WrongContent,
    /// One node of the tree is left out of CARs, and `getBlocks` does not know it. A reader of CARs refuses and does not take
    /// the records below the node for deleted; pages are true.
    MissingNode,
    /// The repository of another account of the network, with its own valid signature, in CARs, and URIs of that account in
    /// pages. Every reader refuses.
    OtherDid,
    /// `listRecords` always has a next page: the first one again. A reader of pages stops, because keys must descend, and
    /// refuses; CARs are true.
    EndlessPages,
    /// `listRecords` has ever more records that nobody wrote, with proper CIDs and descending keys. A reader of pages stops
    /// at a bound of its own and refuses; CARs are true.
    InventedPages,
    /// The records of a page are not in the order of their keys. A reader of pages refuses: it cannot tell which stretch of
    /// keys the page is complete for; CARs are true.
    UnorderedPages,
    /// `getRepo` ends in the middle of a block, with a clean end of the answer. A reader of exports refuses; pages and proofs
    /// are true.
    TruncatedCar,
    /// `getRepo` never ends: a true beginning, then blocks that belong to nothing. A reader of exports stops at a bound of its
    /// own; pages and proofs are true.
    EndlessCar,
    /// Every record has another content than its author signed, with a CID and a tree that fit, and the author's signature
    /// of the true tree beside them. A reader of CARs refuses; a reader of pages cannot know.
    Forged,
    /// The repository as it was in the beginning, with its valid signature, however much was written since. Every reader
    /// keeps what it has from a later revision.
    Rollback,
    /// The repository as it is, signed by the account, at a revision years ahead. Every reader refuses: rows at that
    /// revision would stay whatever the account does.
    FutureRevision,
}

impl Lie {
    /// Whether the repository itself is another one than the author's; otherwise the lie is in how it is sent.
    pub(super) fn is_about_the_repository(self) -> bool {
        !matches!(
            self,
            Self::EndlessPages
                | Self::InventedPages
                | Self::UnorderedPages
                | Self::TruncatedCar
                | Self::EndlessCar
        )
    }
}
