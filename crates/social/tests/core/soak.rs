//! People do whatever comes to their minds; who sees what, and what is counted, is what the model says.

use std::collections::{BTreeMap, BTreeSet};

use social::feeds::{Source, Span, Wanted, page};
use social::thoughts::{delete, visible};
use social::users::User;
use social::{Error, Id, Visibility, reactions, relations};
use store::{Conn, v};
use testkit::{Chance, for_each_seed};

use crate::model::{Model, Thought, What, Who};
use crate::people::{Place, added, on_each};

const STEPS: usize = 120;

/// People who are at home here; they come first.
const LOCAL: usize = 4;

/// Steps between two looks at everything.
const LOOK: usize = 30;

const ALL: [Visibility; 4] =
    [Visibility::Public, Visibility::Unlisted, Visibility::Followers, Visibility::Private];

/// A place with people, and the model of it.
struct World {
    place: Place,
    people: Vec<User>,
    model: Model,
    /// The id of each thought that was ever had, and where it is at home.
    ids: Vec<Id>,
    chance: Chance,
    time: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn soak_everybody_sees_what_the_model_says() {
    for_each_seed(|seed| {
        on_each(move |place| async move {
            let mut world = World::new(place, Chance::of(seed)).await;
            for step in 1..=STEPS {
                world.step().await;
                if step % LOOK == 0 {
                    world.compare().await;
                }
            }
        })
    })
    .await;
}

impl World {
    async fn new(place: Place, chance: Chance) -> Self {
        let mut people = Vec::new();
        for name in ["ann", "bob", "cat", "dan"] {
            people.push(place.local(name).await);
        }
        // Somebody who decides who follows them, and two from elsewhere.
        let approves = people[3].id;
        place
            .change(move |conn| {
                let sql = "UPDATE social_users SET approves_follows = 1 WHERE id = $1";
                Ok(conn.execute(sql, &[approves.into()])?)
            })
            .await
            .unwrap();
        people[3] = place.again(&people[3]).await;
        people.push(place.remote("eve").await);
        people.push(place.remote("fay").await);
        Self { place, people, model: Model::default(), ids: Vec::new(), chance, time: 0 }
    }

    fn somebody(&mut self) -> Who {
        self.chance.below(self.people.len())
    }

    /// Two different people, of whom one is at home here.
    fn two(&mut self) -> (Who, Who) {
        let (one, here) = (self.somebody(), self.chance.below(LOCAL));
        let other = if one == here { (here + 1) % LOCAL } else { here };
        if self.chance.one_in(2) { (one, other) } else { (other, one) }
    }

    fn something(&mut self) -> Option<What> {
        let there: Vec<What> = self.model.thoughts.keys().copied().collect();
        (!there.is_empty()).then(|| *self.chance.pick(&there))
    }

    /// A thought and who is to react to it: often somebody who has, to do it again or take it back.
    fn reaction(&mut self, of: impl Fn(&Thought) -> Vec<Who>) -> Option<(What, Who)> {
        let all = self.model.thoughts.iter();
        let there: Vec<(What, Who)> =
            all.flat_map(|(what, thought)| of(thought).into_iter().map(|who| (*what, who))).collect();
        if !there.is_empty() && self.chance.one_in(2) {
            return Some(*self.chance.pick(&there));
        }
        let what = self.something()?;
        Some((what, self.somebody()))
    }

    async fn step(&mut self) {
        self.time += 1;
        match self.chance.below(12) {
            0..=3 => self.think().await,
            4 => self.forget().await,
            5..=6 => self.follow().await,
            7 => self.unfollow().await,
            8 => self.block_or_not().await,
            9..=10 => self.like_or_not().await,
            _ => self.boost_or_not().await,
        }
    }

    async fn think(&mut self) {
        let (author, other) = self.two();
        let wanted = *self.chance.pick(&ALL);
        let mention = self.chance.one_in(3).then_some(other);
        if self.people[author].is_local() {
            let parent = if self.chance.one_in(2) { self.something() } else { None };
            let text = mention
                .map_or_else(|| "hello".to_owned(), |who| format!("hello @{}", self.people[who].handle()));
            let to = parent.map(|parent| self.ids[parent]);
            let id = self.place.think(&self.people[author], &text, wanted, to).await;
            let may = parent.is_none_or(|parent| self.model.may_react(author, parent));
            assert_eq!(id.is_ok(), may, "{author} answers {parent:?}: {id:?}");
            let Ok(id) = id else { return };
            let answered = parent.map(|parent| &self.model.thoughts[&parent]);
            // What was said to few is not answered to everybody.
            let few = answered.map(|it| it.visibility).filter(|it| *it >= Visibility::Followers);
            let visibility = few.map_or(wanted, |few| wanted.max(few));
            let to = answered.map(|it| it.author).filter(|to| *to != author);
            // Nobody names whom they are blocked by.
            let named = mention.filter(|who| !self.model.blocks.contains(&(*who, author)));
            self.keep(id, author, visibility, named.into_iter().chain(to), parent);
        } else {
            let user = mention.filter(|who| self.people[*who].is_local()).map(|who| self.people[who].clone());
            let name = format!("n{}", self.ids.len());
            let stored = self
                .place
                .arrive(&self.people[author], &name, |new| {
                    new.visibility = wanted;
                    new.mentions = user.iter().map(|user| (user.handle(), Some(user.id))).collect();
                })
                .await;
            self.keep(added(stored), author, wanted, mention.filter(|_| user.is_some()), None);
        }
    }

    fn keep(
        &mut self,
        id: Id,
        author: Who,
        visibility: Visibility,
        mentions: impl IntoIterator<Item = Who>,
        parent: Option<What>,
    ) {
        let thought = Thought {
            author,
            visibility,
            mentions: mentions.into_iter().collect(),
            parent,
            is_local: self.people[author].is_local(),
            likes: BTreeSet::default(),
            boosts: BTreeMap::default(),
            at: self.time,
        };
        self.model.thoughts.insert(self.ids.len(), thought);
        self.ids.push(id);
    }

    async fn forget(&mut self) {
        let (Some(what), somebody) = (self.something(), self.somebody()) else { return };
        let who = if self.chance.one_in(4) { somebody } else { self.model.thoughts[&what].author };
        let (id, author, now) = (self.ids[what], self.people[who].id, self.place.now());
        let addresses = self.place.addresses.clone();
        let gone = self.place.change(move |conn| delete(conn, now, &addresses, author, id)).await;
        assert_eq!(gone.is_ok(), who == self.model.thoughts[&what].author, "only its author deletes it");
        if gone.is_ok() {
            self.model.thoughts.remove(&what);
        }
    }

    async fn follow(&mut self) {
        let (follower, followed) = self.two();
        let (now, addresses) = (self.place.now(), self.place.addresses.clone());
        let (one, other) = (self.people[follower].clone(), self.people[followed].clone());
        let activity = (!one.is_local()).then(|| format!("https://there.example/follows/{now}"));
        let done = self
            .place
            .change(move |conn| relations::follow(conn, now, &addresses, &one, &other, activity.as_deref()));
        let done = done.await;
        assert_eq!(done.is_ok(), !self.model.between_blocks(follower, followed), "{done:?}");
        if done.is_err() || self.model.follows.contains(&(follower, followed)) {
            return;
        }
        let is_asked = !self.people[followed].is_local() || self.people[followed].approves_follows;
        if !is_asked {
            self.model.follows.insert((follower, followed));
            return;
        }
        self.model.asked.insert((follower, followed));
        if self.chance.one_in(2) {
            let (one, other) = (self.people[follower].clone(), self.people[followed].clone());
            self.place.change(move |conn| relations::accept(conn, now, &one, &other)).await.unwrap();
            self.model.asked.remove(&(follower, followed));
            self.model.follows.insert((follower, followed));
        }
    }

    async fn unfollow(&mut self) {
        let (follower, followed) = self.two();
        let (one, other, now) =
            (self.people[follower].clone(), self.people[followed].clone(), self.place.now());
        let done = self.place.change(move |conn| relations::unfollow(conn, now, &one, &other)).await;
        let pair = (follower, followed);
        let was = self.model.follows.remove(&pair) | self.model.asked.remove(&pair);
        assert_eq!(done.is_ok(), was);
    }

    async fn block_or_not(&mut self) {
        let (blocker, blocked) = self.two();
        if self.model.blocks.remove(&(blocker, blocked)) {
            let (one, other, now) =
                (self.people[blocker].clone(), self.people[blocked].clone(), self.place.now());
            self.place.change(move |conn| relations::unblock(conn, now, &one, &other)).await.unwrap();
        } else {
            self.place.block(&self.people[blocker], &self.people[blocked]).await;
            self.model.block(blocker, blocked);
        }
    }

    async fn like_or_not(&mut self) {
        let Some((what, who)) = self.reaction(|thought| thought.likes.iter().copied().collect()) else {
            return;
        };
        let (user, id, now) = (self.people[who].clone(), self.ids[what], self.place.now());
        let does = !self.chance.one_in(3);
        let changed = self.place.change(move |conn| {
            if does {
                reactions::like(conn, now, &user, id, None).map(|liked| liked.is_new)
            } else {
                reactions::unlike(conn, now, &user, id)
            }
        });
        let expected = match does {
            true if !self.model.may_react(who, what) => None,
            true => Some(self.model.thoughts.get_mut(&what).unwrap().likes.insert(who)),
            false => Some(self.model.thoughts.get_mut(&what).unwrap().likes.remove(&who)),
        };
        assert_eq!(changed.await.ok(), expected, "{who} and {what}, likes: {does}");
    }

    async fn boost_or_not(&mut self) {
        let Some((what, who)) = self.reaction(|thought| thought.boosts.keys().copied().collect()) else {
            return;
        };
        let (user, id, now) = (self.people[who].clone(), self.ids[what], self.place.now());
        let does = !self.chance.one_in(3);
        let ap_id = (!user.is_local()).then(|| format!("https://there.example/boosts/{now}"));
        let changed = self.place.change(move |conn| {
            if does {
                reactions::boost(conn, now, &user, id, ap_id.as_deref(), None).map(|it| it.is_new)
            } else {
                reactions::unboost(conn, now, &user, id).map(|ended| ended.is_some())
            }
        });
        let may = self.model.may_boost(who, what);
        let (time, thought) = (self.time, self.model.thoughts.get_mut(&what).unwrap());
        let expected = match does {
            true if !may => None,
            true if thought.boosts.contains_key(&who) => Some(false),
            true => Some(thought.boosts.insert(who, time).is_none()),
            false => Some(thought.boosts.remove(&who).is_some()),
        };
        assert_eq!(changed.await.ok(), expected, "{who} and {what}, boosts: {does}");
    }

    async fn compare(&self) {
        let viewers = (0..self.people.len()).map(Some).chain([None]);
        for viewer in viewers {
            let who = viewer.map(|viewer| self.people[viewer].id);
            for (what, id) in self.ids.iter().enumerate() {
                let id = *id;
                let seen = self.place.change(move |conn| visible(conn, who, id)).await.unwrap();
                assert_eq!(seen, self.model.sees(viewer, what), "{viewer:?} and {what}: {:?}", self.model);
            }
            assert_eq!(self.feed(Source::Local, who).await, self.model.local(viewer), "local, {viewer:?}");
        }
        for (reader, user) in self.people.iter().enumerate().filter(|(_, user)| user.is_local()) {
            let home = self.feed(Source::Home(user.id), Some(user.id)).await;
            assert_eq!(home, self.model.home(reader), "at home of {reader}: {:?}", self.model);
        }
        for what in self.model.thoughts.keys() {
            let sql = "SELECT likes, boosts, replies FROM social_thought_counts WHERE thought_id = $1";
            assert_eq!(self.three(sql, self.ids[*what]).await, self.model.counts(*what), "{what}");
        }
        for (who, user) in self.people.iter().enumerate() {
            let sql = "SELECT thoughts, followers, following FROM social_user_counts WHERE user_id = $1";
            assert_eq!(self.three(sql, user.id).await, self.model.counts_of(who), "of {who}");
        }
        self.nobody_is_told_twice().await;
    }

    /// All of a feed.
    async fn feed(&self, source: Source, viewer: Option<Id>) -> Vec<What> {
        let now = self.place.now();
        let found = self.place.change(move |conn| {
            let all = page(conn, source, viewer, now, Span::default(), 1000, Wanted::default())?;
            Ok(all.entries.into_iter().map(|entry| entry.thought).collect::<Vec<Id>>())
        });
        let found = found.await.unwrap();
        let place = |id: &Id| self.ids.iter().position(|known| known == id).unwrap();
        found.iter().map(place).collect()
    }

    async fn three(&self, sql: &'static str, of: Id) -> (usize, usize, usize) {
        let number =
            |row: &store::Row<'_>, column| Ok::<_, store::Error>(usize::try_from(row.int(column)?).unwrap());
        let read = move |conn: &mut Conn<'_>| {
            let three = |row: &store::Row<'_>| {
                Ok::<_, store::Error>((number(row, 0)?, number(row, 1)?, number(row, 2)?))
            };
            Ok::<_, Error>(conn.query_one(sql, &[of.into()], three)?)
        };
        self.place.change(read).await.unwrap()
    }

    async fn nobody_is_told_twice(&self) {
        let sql = "SELECT count(*) FROM (
            SELECT 1 FROM social_notifications GROUP BY user_id, kind, from_user_id, thought_id HAVING count(*) > $1) AS twice";
        let twice = self.place.change(move |conn| Ok(conn.query_one(sql, &[v(1)], |row| row.int(0))?)).await;
        assert_eq!(twice.unwrap(), 0);
    }
}
