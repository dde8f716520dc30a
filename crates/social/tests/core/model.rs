//! What people may see and what is counted, as maps and the contract's rules in their simplest words (spec/social.md §6).

use std::collections::{BTreeMap, BTreeSet};

use social::Visibility;

/// Somebody, by their place among all people.
pub(crate) type Who = usize;

/// A thought, by its place among all that were ever had.
pub(crate) type What = usize;

/// A thought that is there.
#[derive(Clone, Debug)]
pub(crate) struct Thought {
    pub(crate) author: Who,
    pub(crate) visibility: Visibility,
    pub(crate) mentions: BTreeSet<Who>,
    pub(crate) parent: Option<What>,
    pub(crate) is_local: bool,
    pub(crate) likes: BTreeSet<Who>,
    /// When somebody boosted it.
    pub(crate) boosts: BTreeMap<Who, usize>,
    /// When it was written.
    pub(crate) at: usize,
}

/// Everything that was done and not taken back.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) thoughts: BTreeMap<What, Thought>,
    /// Whoever follows and whom.
    pub(crate) follows: BTreeSet<(Who, Who)>,
    /// Whoever blocks and whom.
    pub(crate) blocks: BTreeSet<(Who, Who)>,
    /// Whoever asks to follow and whom.
    pub(crate) asked: BTreeSet<(Who, Who)>,
}

fn is_open(visibility: Visibility) -> bool {
    matches!(visibility, Visibility::Public | Visibility::Unlisted)
}

impl Model {
    pub(crate) fn between_blocks(&self, one: Who, other: Who) -> bool {
        self.blocks.contains(&(one, other)) || self.blocks.contains(&(other, one))
    }

    /// Whether somebody, or anybody at all, may see it.
    pub(crate) fn sees(&self, viewer: Option<Who>, what: What) -> bool {
        let Some(thought) = self.thoughts.get(&what) else { return false };
        let Some(viewer) = viewer else { return is_open(thought.visibility) };
        if viewer == thought.author || is_open(thought.visibility) {
            return true;
        }
        let is_follower = self.follows.contains(&(viewer, thought.author));
        !self.blocks.contains(&(thought.author, viewer))
            && (thought.mentions.contains(&viewer)
                || (thought.visibility == Visibility::Followers && is_follower))
    }

    /// Whether somebody may like or answer it.
    pub(crate) fn may_react(&self, who: Who, what: What) -> bool {
        self.sees(Some(who), what) && !self.between_blocks(who, self.thoughts[&what].author)
    }

    pub(crate) fn may_boost(&self, who: Who, what: What) -> bool {
        self.may_react(who, what) && is_open(self.thoughts[&what].visibility)
    }

    pub(crate) fn block(&mut self, blocker: Who, blocked: Who) {
        if self.blocks.insert((blocker, blocked)) {
            for pair in [(blocker, blocked), (blocked, blocker)] {
                self.follows.remove(&pair);
                self.asked.remove(&pair);
            }
        }
    }

    /// What is in a feed of somebody, the newest first.
    pub(crate) fn home(&self, reader: Who) -> Vec<What> {
        let listed = |what: What| {
            self.sees(Some(reader), what) && !self.between_blocks(reader, self.thoughts[&what].author)
        };
        let is_heard = |who: Who| who == reader || self.follows.contains(&(reader, who));
        let mut found: Vec<(usize, What)> = Vec::new();
        for (what, thought) in self.thoughts.iter().filter(|(what, _)| listed(**what)) {
            let is_for_them = thought.visibility != Visibility::Private
                || thought.author == reader
                || thought.mentions.contains(&reader);
            if is_heard(thought.author) && is_for_them {
                found.push((thought.at, *what));
                continue;
            }
            let boosted = thought.boosts.iter().filter(|(who, _)| {
                self.follows.contains(&(reader, **who)) && !self.between_blocks(reader, **who)
            });
            found.extend(boosted.map(|(_, at)| *at).max().map(|at| (at, *what)));
        }
        found.sort_unstable_by(|one, other| other.cmp(one));
        found.into_iter().map(|(_, what)| what).collect()
    }

    /// What was written here for everybody, as somebody sees it, the newest first.
    pub(crate) fn local(&self, reader: Option<Who>) -> Vec<What> {
        let is_listed = |thought: &Thought| {
            let hidden = reader.is_some_and(|reader| self.between_blocks(reader, thought.author));
            thought.is_local && thought.visibility == Visibility::Public && !hidden
        };
        self.thoughts.iter().rev().filter(|(_, thought)| is_listed(thought)).map(|(what, _)| *what).collect()
    }

    /// Likes, boosts, and answers that everybody may see.
    pub(crate) fn counts(&self, what: What) -> (usize, usize, usize) {
        let thought = &self.thoughts[&what];
        let answers = self.thoughts.values().filter(|it| it.parent == Some(what) && is_open(it.visibility));
        (thought.likes.len(), thought.boosts.len(), answers.count())
    }

    /// Thoughts, followers, and those who are followed.
    pub(crate) fn counts_of(&self, who: Who) -> (usize, usize, usize) {
        (
            self.thoughts.values().filter(|thought| thought.author == who).count(),
            self.follows.iter().filter(|(_, followed)| *followed == who).count(),
            self.follows.iter().filter(|(follower, _)| *follower == who).count(),
        )
    }
}
