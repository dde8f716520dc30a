//! Choosing a way and taking it.

use std::sync::Arc;

use store::{Conn, Engine};

use super::gather::{Gathered, gather};
use super::look_up::look_up;
use super::page::{self, Page};
use super::plan::{Choice, Lookup};
use super::source::{Source, Way};
use super::{Arrangement, Explained, Selected, Selection, cursor, relevance};
use crate::index::{Listed, Order};
use crate::read::{Budget, Part};
use crate::{Direction, Error, Find};

/// Times that a question is asked anew because an index went away meanwhile.
const TRIES: usize = 3;

/// The way that is taken.
enum Taken {
    Walk(Lookup, Direction),
    Gathered(Gathered),
    Words(Listed),
    /// Through all records of the author, or else of everybody.
    All,
}

impl Find {
    /// One page of the records that are asked for.
    pub async fn select(&self, selection: Selection) -> Result<Selected, Error> {
        if let Some(cursor) = &selection.cursor {
            selection.order.check(cursor)?;
        }
        let budget = Budget::new(self.time_limit);
        let selection = Arc::new(selection);
        if self.index.engine() == Engine::Sqlite {
            budget.check()?;
            let asked = Arc::clone(&selection);
            if let Some(found) = self.index.read_brief(move |conn| look_up(conn, &asked)).await? {
                return Ok(found);
            }
        }
        self.index.read(move |conn| select(conn, &selection, budget)).await
    }

    /// How it would be answered now. Of the records nothing is read, only of indexes.
    pub async fn explain(&self, selection: Selection) -> Result<Explained, Error> {
        let explain = move |conn: &mut Conn<'_>| {
            let Some(part) = part(conn, &selection)? else { return Ok(Explained::all(&selection, false)) };
            let taken = choose(conn, &selection, part)?;
            Ok(taken.explained(&selection))
        };
        self.index.read(explain).await
    }
}

fn select(conn: &mut Conn<'_>, selection: &Selection, budget: Budget) -> Result<Selected, Error> {
    let Some(part) = part(conn, selection)? else {
        let explained = Explained::all(selection, false);
        return Ok(Selected { records: Vec::new(), cursor: None, explained });
    };
    if selection.words.is_none() {
        return answer(conn, selection, part, budget);
    }
    // Of a word that all records have, an index may look at all of them.
    budget.bound(conn, |conn| answer(conn, selection, part, budget))
}

fn answer(conn: &mut Conn<'_>, selection: &Selection, part: Part, budget: Budget) -> Result<Selected, Error> {
    let mut tries = TRIES;
    loop {
        let taken = choose(conn, selection, part)?;
        let answer = take(conn, selection, part, &taken, budget);
        tries -= 1;
        // Whoever removes an index says so before.
        let stands = taken.index().map_or(Ok(true), |index| index.still_stands(conn))?;
        if stands || tries == 0 {
            let (records, cursor) = answer?;
            return Ok(Selected { records, cursor, explained: taken.explained(selection) });
        }
    }
}

pub(super) fn part(conn: &mut Conn<'_>, selection: &Selection) -> Result<Option<Part>, Error> {
    Part::find(conn, &selection.collection, selection.did.as_ref().map(atproto::Did::as_str))
}

fn choose(conn: &mut Conn<'_>, selection: &Selection, part: Part) -> Result<Taken, Error> {
    let choice = Choice::of(selection, &Listed::ready(conn, &selection.collection)?);
    if choice.is_complete(selection)
        && let Some((lookup, direction)) = choice.walk
    {
        return Ok(Taken::Walk(lookup, direction));
    }
    if let Some(gathered) = gather(conn, selection, part, &choice)? {
        return Ok(Taken::Gathered(gathered));
    }
    if selection.order == Arrangement::Relevance {
        return Ok(choice.words.map_or(Taken::All, Taken::Words));
    }
    // What one author has is seldom more than what an index would lead to.
    Ok(match choice.walk {
        Some((lookup, direction)) if selection.did.is_none() => Taken::Walk(lookup, direction),
        _ => Taken::All,
    })
}

fn take(
    conn: &mut Conn<'_>,
    selection: &Selection,
    part: Part,
    taken: &Taken,
    budget: Budget,
) -> Result<Page, Error> {
    let collection = selection.collection.as_str();
    let source = |way| Source::new(collection, budget, way, selection.limit as usize + 1);
    let Arrangement::By(order, direction) = &selection.order else {
        return relevance::page(conn, selection, |before| source(taken.below(selection, part, before)));
    };
    let arranged = (order, *direction);
    let after = selection.cursor.as_deref().map(|text| cursor::place(order, *direction, text)).transpose()?;
    match taken {
        Taken::Walk(lookup, direction) => {
            let walk = lookup.walk(*direction, after.as_deref());
            page::in_order(conn, selection, arranged, source(Way::Walk(walk)))
        }
        Taken::Gathered(gathered) => {
            let way = Way::Ids(gathered.ids.clone().into_iter());
            page::sorted(conn, selection, arranged, source(way), after.as_deref())
        }
        Taken::All | Taken::Words(_) if *order == Order::Seen => {
            let way = Way::Seen { part, direction: *direction, after, has_ended: false };
            page::in_order(conn, selection, arranged, source(way))
        }
        Taken::All | Taken::Words(_) => {
            let way = Way::Seen { part, direction: Direction::Descending, after: None, has_ended: false };
            page::sorted(conn, selection, arranged, source(way), after.as_deref())
        }
    }
}

impl Taken {
    /// Candidates with an id below another, the greatest first.
    fn below<'s>(&'s self, selection: &'s Selection, part: Part, before: i64) -> Way<'s> {
        match (self, &selection.words) {
            (Self::Gathered(gathered), _) => Way::below(&gathered.ids, before),
            (Self::Words(index), Some(words)) => {
                Way::Words { index: index.id, query: &words.query, before, has_ended: false }
            }
            _ => Way::Descending { part, before },
        }
    }

    fn index(&self) -> Option<&Listed> {
        match self {
            Self::Walk(lookup, _) => Some(&lookup.index),
            Self::Gathered(gathered) => gathered.index(),
            Self::Words(index) => Some(index),
            Self::All => None,
        }
    }

    fn explained(&self, selection: &Selection) -> Explained {
        match self {
            Self::Walk(lookup, _) => Explained::walk(selection, lookup),
            Self::Gathered(gathered) => Explained::gathered(selection, &gathered.finder, gathered.ids.len()),
            Self::Words(index) => Explained::words(selection, index),
            Self::All => match &selection.order {
                Arrangement::By(order, _) => Explained::all(selection, *order != Order::Seen),
                Arrangement::Relevance => Explained::scan(selection),
            },
        }
    }
}
