//! How a question is answered.

use super::gather::Finder;
use super::plan::Lookup;
use super::{Arrangement, Selection};
use crate::index::Listed;

/// How a question is answered, in words for people. There are no values in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Which way leads to the candidates.
    pub access: Access,
    /// The index that does, by its number and what is in it.
    pub index: Option<(i64, String)>,
    /// Conditions that every candidate fulfils.
    pub looked_up: Vec<String>,
    /// Conditions that each candidate is looked at for.
    pub looked_at: Vec<String>,
    /// The order of the answer.
    pub order: String,
    /// Whether all candidates are found before the first answer.
    pub sorts: bool,
    /// How many candidates there are, where all of them are found first.
    pub candidates: Option<usize>,
}

/// A way to candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Along an index in the order asked for.
    Index,
    /// By an index of another order that has few.
    Few,
    /// By an index of words.
    Words,
    /// By the index of references, which has few.
    Backlinks,
    /// Through all records of the author.
    Author,
    /// Through all records of the collection.
    Scan,
}

impl Access {
    /// The word for it in the admin API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Few => "few",
            Self::Words => "words",
            Self::Backlinks => "backlinks",
            Self::Author => "author",
            Self::Scan => "scan",
        }
    }
}

impl Explained {
    pub(super) fn walk(selection: &Selection, lookup: &Lookup) -> Self {
        Self {
            index: Some(name(&lookup.index)),
            ..Self::new(selection, Access::Index, &lookup.covered, false)
        }
    }

    pub(super) fn gathered(selection: &Selection, finder: &Finder, candidates: usize) -> Self {
        let explained = match finder {
            Finder::Keys(lookup) => Self {
                index: Some(name(&lookup.index)),
                ..Self::new(selection, Access::Few, &lookup.covered, true)
            },
            Finder::Words(index) => Self::words(selection, index),
            Finder::Backlinks => Self::new(selection, Access::Backlinks, &[], true),
        };
        Self { candidates: Some(candidates), sorts: true, ..explained }
    }

    pub(super) fn words(selection: &Selection, index: &Listed) -> Self {
        Self { index: Some(name(index)), ..Self::new(selection, Access::Words, &[], false) }
    }

    /// Through all records of the author, or of everybody.
    pub(super) fn all(selection: &Selection, sorts: bool) -> Self {
        let access = if selection.did.is_some() { Access::Author } else { Access::Scan };
        Self::new(selection, access, &[], sorts)
    }

    /// Through all records whoever made them.
    pub(super) fn scan(selection: &Selection) -> Self {
        Self::new(selection, Access::Scan, &[], false)
    }

    fn new(selection: &Selection, access: Access, covered: &[usize], sorts: bool) -> Self {
        let (mut looked_up, mut looked_at) = (Vec::new(), Vec::new());
        for (number, condition) in selection.conditions.iter().enumerate() {
            let list = if covered.contains(&number) { &mut looked_up } else { &mut looked_at };
            list.push(condition.to_string());
        }
        if selection.did.is_some() {
            let list = if access == Access::Author { &mut looked_up } else { &mut looked_at };
            list.push("did =".to_owned());
        }
        if selection.words.is_some() {
            let list = if access == Access::Words { &mut looked_up } else { &mut looked_at };
            list.push("words".to_owned());
        }
        let order = match &selection.order {
            Arrangement::By(order, direction) => format!("{order}, {}", direction.words()),
            Arrangement::Relevance => "the best match first".to_owned(),
        };
        Self { access, index: None, looked_up, looked_at, order, sorts, candidates: None }
    }
}

fn name(index: &Listed) -> (i64, String) {
    (index.id, index.spec.content.to_string())
}

impl crate::Direction {
    fn words(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }
}
