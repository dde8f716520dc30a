//! What one who looks on is told: of all that happens, what they asked for and may see.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use social::{Id, Told, Visibility};
use store::v;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use super::facts::{Facts, Happening};
use super::message::Message;
use super::topic::Topic;
use crate::entities::{Status, status};
use crate::notifications;
use crate::oauth::Token;
use crate::services::Services;

/// How often it is looked whether a token is still good, if nothing else says that it is not.
const CHECK: Duration = Duration::from_mins(1);

/// One stream.
pub(super) struct Feed {
    services: Services,
    receiver: Receiver<Arc<Happening>>,
    /// The token as it was shown, and what it stands for.
    token: Option<(String, Arc<Token>)>,
    pub(super) topics: Vec<Topic>,
    /// Whom the viewer follows, and whether their boosts are wanted.
    follows: HashMap<Id, bool>,
    checked: Instant,
}

impl Feed {
    pub(super) async fn open(
        services: Services,
        receiver: Receiver<Arc<Happening>>,
        token: Option<(String, Arc<Token>)>,
        topics: Vec<Topic>,
    ) -> Result<Self, store::Error> {
        let follows = HashMap::new();
        let mut feed = Self { services, receiver, token, topics, follows, checked: Instant::now() };
        feed.look_anew().await?;
        Ok(feed)
    }

    pub(super) fn viewer(&self) -> Option<Id> {
        self.token.as_ref().and_then(|(_, token)| token.user)
    }

    /// Waits until something happens, or it is time to look whether the token is still good, which is `Some(None)`. `None`: this is
    /// the end, because the reader is too slow or the server stops. Nothing is lost if it is given up before it answers.
    pub(super) async fn wait(&mut self) -> Option<Option<Arc<Happening>>> {
        let closing = self.services.streams.closing.clone();
        tokio::select! {
            () = closing.cancelled() => None,
            happening = self.receiver.recv() => match happening {
                Ok(happening) => Some(Some(happening)),
                Err(RecvError::Lagged(_) | RecvError::Closed) => None,
            },
            () = tokio::time::sleep_until(self.checked + CHECK) => Some(None),
        }
    }

    /// What is to be said of it. `None`: the token has ended.
    pub(super) async fn tell(&mut self, happening: Option<Arc<Happening>>) -> Option<Vec<Message>> {
        let Some(happening) = happening else {
            self.check().await?;
            return Some(Vec::new());
        };
        if let Told::Changed { user_id } = happening.told {
            if self.viewer() == Some(Id(user_id)) {
                self.check().await?;
                self.look_anew().await.ok()?;
            }
            return Some(Vec::new());
        }
        // What cannot be read now is not told.
        Some(self.messages(&happening).await.unwrap_or_default())
    }

    /// `None` if the token is not good any more.
    async fn check(&mut self) -> Option<()> {
        self.checked = Instant::now();
        match &self.token {
            Some((token, _)) => self.services.tokens.find_anew(token).await.ok().flatten().map(drop),
            None => Some(()),
        }
    }

    async fn look_anew(&mut self) -> Result<(), store::Error> {
        let Some(me) = self.viewer() else { return Ok(()) };
        let sql =
            "SELECT followed, show_boosts FROM social_follows WHERE follower = $1 AND state = 'accepted'";
        let read = self.services.state().read(move |conn| {
            conn.query(sql, &[v(me)], |row| Ok::<_, store::Error>((Id(row.int(0)?), row.bool(1)?)))
        });
        self.follows = read.await?.into_iter().collect();
        Ok(())
    }

    async fn messages(&self, happening: &Happening) -> Result<Vec<Message>, social::Error> {
        let facts = happening.facts.as_ref();
        match happening.told {
            Told::Thought { id, user_id } => {
                self.shown(Id(id), "update", |it| self.wants(it, user_id, facts)).await
            }
            Told::Edited { id, user_id } => {
                self.shown(Id(id), "status.update", |it| self.wants(it, user_id, facts)).await
            }
            Told::Boosted { id, user_id, .. } => {
                let wants = |topic: &Topic| *topic == Topic::User && self.wants_boosts_of(Id(user_id));
                self.shown(Id(id), "update", wants).await
            }
            Told::Deleted { id, user_id } => Ok(self.gone(Id(id), Id(user_id))),
            Told::Notified { id, user_id } => self.notified(Id(id), Id(user_id)).await,
            Told::Changed { .. } => Ok(Vec::new()),
        }
    }

    /// Whether a topic has a thought of this author in it.
    fn wants(&self, topic: &Topic, author: i64, facts: Option<&Facts>) -> bool {
        let Some(facts) = facts else { return false };
        let is_public = facts.visibility == Visibility::Public && !facts.is_silenced;
        match topic {
            Topic::User => self.is_near(Id(author)),
            Topic::Notifications => false,
            Topic::Public(place) => is_public && place.has(facts.is_here),
            Topic::Hashtag(tag, place) => is_public && place.has(facts.is_here) && facts.tags.contains(tag),
            Topic::Direct => facts.visibility == Visibility::Private,
        }
    }

    fn is_near(&self, author: Id) -> bool {
        self.viewer() == Some(author) || self.follows.contains_key(&author)
    }

    fn wants_boosts_of(&self, booster: Id) -> bool {
        self.viewer() == Some(booster) || self.follows.get(&booster).is_some_and(|wanted| *wanted)
    }

    /// A status to every topic that wants it, if the viewer may see it: read as a request of theirs would.
    async fn shown(
        &self,
        id: Id,
        event: &'static str,
        wants: impl Fn(&Topic) -> bool,
    ) -> Result<Vec<Message>, social::Error> {
        let wanting: Vec<&Topic> = self.topics.iter().filter(|topic| wants(topic)).collect();
        if wanting.is_empty() {
            return Ok(Vec::new());
        }
        let (addresses, viewer) = (self.services.addresses().clone(), self.viewer());
        let found = self.services.state().read(move |conn| status(conn, &addresses, viewer, id)).await?;
        let Some(status) = found.filter(|status| !status.is_unwanted) else { return Ok(Vec::new()) };
        Ok(wanting.into_iter().filter_map(|topic| said(topic, event, &status)).collect())
    }

    fn gone(&self, id: Id, author: Id) -> Vec<Message> {
        let is_told = |topic: &&Topic| match topic {
            Topic::User => self.is_near(author),
            Topic::Public(_) | Topic::Hashtag(..) => self.services.streams.was_public(id),
            Topic::Notifications | Topic::Direct => false,
        };
        let topics = self.topics.iter().filter(is_told);
        topics.map(|topic| Message::text(&topic.names(), "delete", id.to_string())).collect()
    }

    async fn notified(&self, id: Id, whom: Id) -> Result<Vec<Message>, social::Error> {
        let may = self.token.as_ref().is_some_and(|(_, token)| token.scopes.cover("read:notifications"));
        let wanting = self.topics.iter().filter(|topic| matches!(topic, Topic::User | Topic::Notifications));
        let wanting: Vec<&Topic> = wanting.collect();
        if self.viewer() != Some(whom) || !may || wanting.is_empty() {
            return Ok(Vec::new());
        }
        let addresses = self.services.addresses().clone();
        let found =
            self.services.state().read(move |conn| notifications::one(conn, &addresses, whom, id)).await?;
        let Some(notification) = found else { return Ok(Vec::new()) };
        let said = |topic: &Topic| Message::json(&topic.names(), "notification", &notification);
        Ok(wanting.into_iter().filter_map(said).collect())
    }
}

fn said(topic: &Topic, event: &'static str, status: &Status) -> Option<Message> {
    if *topic == Topic::Direct {
        let conversation =
            json!({ "id": status.id, "unread": true, "accounts": [status.account], "last_status": status });
        return Message::json(&topic.names(), "conversation", &conversation);
    }
    Message::json(&topic.names(), event, status)
}
