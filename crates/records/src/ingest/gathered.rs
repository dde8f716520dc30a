//! Events that were read and are not committed, and how far each of them brings the cursor.

use std::collections::{HashSet, VecDeque};

use atproto::{Did, Nsid, RecordKey};

use super::advance::Advance;
use super::consumer::Chunk;
use super::firehose::Followed;
use crate::Gap;
use crate::event::Event;
use crate::lease::{LeaseGuard, Position};

/// What an event is about.
pub(super) type Name = (Did, Nsid, RecordKey);

/// Chunks that are worked on together. Events leave it in their order; what leaves it is to be committed, and then the cursor may
/// be where [`passed`](Self::passed) says.
pub(super) struct Gathered {
    events: VecDeque<Event>,
    marks: VecDeque<Mark>,
    /// Events that have left.
    taken: usize,
}

/// What may be written when so many events are.
struct Mark {
    after: usize,
    position: Position,
    gap: Option<Gap>,
    followed: Followed,
}

impl Gathered {
    pub(super) fn new(chunks: Vec<Chunk>) -> Self {
        let (mut events, mut marks) = (VecDeque::new(), VecDeque::new());
        for Chunk { events: of_chunk, places, position, mut gap, followed } in chunks {
            let before = events.len();
            let none = Followed::default;
            // A gap is known before the first event behind it is.
            marks.extend((1..).zip(places).map(|(number, position)| Mark {
                after: before + number,
                position,
                gap: gap.take(),
                followed: none(),
            }));
            events.extend(of_chunk);
            marks.push_back(Mark { after: events.len(), position, gap: gap.take(), followed });
        }
        Self { events, marks, taken: 0 }
    }

    pub(super) fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.marks.is_empty()
    }

    /// The first events, at most so many, up to the first one about something in `names`. They are added to these.
    pub(super) fn take(&mut self, most: usize, names: &mut HashSet<Name>) -> Vec<Event> {
        let is_new = |event: &&Event| name(event).is_none_or(|name| !names.contains(&name));
        let count = self.events.iter().take(most).take_while(is_new).count();
        let taken: Vec<Event> = self.events.drain(..count).collect();
        names.extend(taken.iter().filter_map(name));
        self.taken += count;
        taken
    }

    /// All events that are left.
    pub(super) fn take_rest(&mut self) -> Vec<Event> {
        self.taken += self.events.len();
        self.events.drain(..).collect()
    }

    /// How far what has left brings the cursor, once. `None` if that is no further than before.
    pub(super) fn passed(&mut self, guard: LeaseGuard) -> Option<Advance> {
        let (mut gaps, mut followed, mut reached) = (Vec::new(), Followed::default(), None);
        while let Some(mark) = self.marks.pop_front_if(|mark| mark.after <= self.taken) {
            gaps.extend(mark.gap);
            followed.steps.extend(mark.followed.steps);
            followed.at = mark.followed.at.or(followed.at);
            reached = Some(mark.position);
        }
        reached.map(|position| Advance { guard, position, gaps, followed })
    }
}

fn name(event: &Event) -> Option<Name> {
    match event {
        Event::Record(event) => Some((event.did.clone(), event.collection.clone(), event.rkey.clone())),
        Event::Account { .. } | Event::Identity { .. } => None,
    }
}
