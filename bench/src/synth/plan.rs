//! What happens at which position: every block of a thousand events holds the same mix in a shuffled order.

use super::event::{Collection, Operation};

/// Events per block.
const BLOCK: i64 = 1_000;
/// How many blocks a delete lies behind the create it removes.
const DELETE_LAG: i64 = 3;
/// The shuffle is multiplication by 617 modulo 1000; this undoes it.
const INVERSE: i64 = 953;

/// What one position of a block is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Commit(Collection, Operation),
    Identity,
    Account,
}

/// The slot (0..1000) of event `k` within its block, which decides its kind.
pub(super) fn slot(k: i64) -> i64 {
    (k.rem_euclid(BLOCK) * 617 + 211) % BLOCK
}

/// The block of event `k`; negative before the stream.
pub(super) fn block(k: i64) -> i64 {
    k.div_euclid(BLOCK)
}

/// The event that has this slot in this block.
pub(super) fn at(block: i64, slot: i64) -> i64 {
    block * BLOCK + (slot - 211 + BLOCK) * INVERSE % BLOCK
}

/// What a slot is used for.
pub(super) fn kind(slot: i64) -> Kind {
    use Collection::{Block, Follow, Like, Note, Post, Profile, Repost};
    use Operation::{Create, Delete, Update};
    match slot {
        0..600 => Kind::Commit(Like, Create),
        600..720 => Kind::Commit(Post, Create),
        720..800 => Kind::Commit(Follow, Create),
        800..860 => Kind::Commit(Repost, Create),
        860..940 => Kind::Commit(Like, Delete),
        940..955 => Kind::Commit(Follow, Delete),
        955..970 => Kind::Commit(Post, Delete),
        970..980 => Kind::Commit(Repost, Delete),
        980..990 => Kind::Commit(Profile, Update),
        990..994 => Kind::Commit(Block, Create),
        994..997 => Kind::Commit(Note, Create),
        997 => Kind::Commit(Note, Update),
        998 => Kind::Identity,
        _ => Kind::Account,
    }
}

/// The create whose record event `k` changes: `k` itself unless it deletes, or edits a note. The target may
/// lie before the stream: a record that nobody has seen.
pub(super) fn target(k: i64) -> i64 {
    let slot = slot(k);
    let (first, base, count) = match slot {
        860..940 => (860, 0, 600),
        940..955 => (940, 720, 80),
        955..970 => (955, 600, 120),
        970..980 => (970, 800, 60),
        997 => return at(block(k) - DELETE_LAG, 994),
        _ => return k,
    };
    at(block(k) - DELETE_LAG, base + ((slot - first) * 7 + 3) % count)
}
