//! Finishing lists: what their entries do not say themselves.

use atproto::{AtIdentifier, Did};
use identity::Local as _;
use server::Problem;

use super::views::CardView;
use super::visit::Visit;
use crate::index::{Card, Pushed};
use crate::lexicon::Kind;
use crate::refusal::Refusal;
use crate::registry::Registry;

impl Registry {
    /// Repositories as they are answered.
    pub(super) async fn cards(&self, visit: &Visit, mut cards: Vec<Card>) -> Result<Vec<CardView>, Problem> {
        self.name_at_home(&mut cards);
        let open = cards.iter_mut().filter(|card| card.kind == Kind::Image && card.platforms.is_empty());
        let open = open.map(|card| (card.config.take(), &mut card.platforms));
        self.complete(visit, open.collect()).await?;
        let service = &self.auth.config().service;
        Ok(cards.into_iter().map(|card| CardView::of(card, service)).collect())
    }

    /// What people are called who are at home here is known without asking.
    pub(super) fn name_at_home(&self, cards: &mut [Card]) {
        for card in cards.iter_mut().filter(|card| card.handle.is_none()) {
            let found = self.authors.directory.by_did(&card.owner);
            let handle = found.and_then(|identity| identity.handle.clone());
            card.handle = handle.map(|handle| handle.as_str().to_ascii_lowercase());
        }
    }

    /// Manifests with where they run.
    pub(super) async fn complete_pushed<'p>(
        &self,
        visit: &Visit,
        pushed: impl Iterator<Item = &'p mut Pushed>,
    ) -> Result<(), Problem> {
        let open = pushed.filter(|pushed| pushed.kind == Kind::Image && pushed.platforms.is_empty());
        self.complete(visit, open.map(|pushed| (pushed.config.clone(), &mut pushed.platforms)).collect())
            .await
    }

    async fn complete(
        &self,
        visit: &Visit,
        open: Vec<(Option<String>, &mut Vec<String>)>,
    ) -> Result<(), Problem> {
        if open.is_empty() || !self.may_read(visit).await? {
            return Ok(());
        }
        let (configs, places): (Vec<_>, Vec<_>) = open.into_iter().unzip();
        let found = self.platforms(configs).await;
        for (place, platform) in places.into_iter().zip(found) {
            place.extend(platform);
        }
        Ok(())
    }

    /// What an owner is called now, which lists remember.
    pub(super) async fn handle_of(&self, owner: &Did) -> Result<Option<String>, Problem> {
        let found = self.authors.resolver.verified(&AtIdentifier::Did(owner.clone())).await;
        let handle = match found {
            Ok(found) => found.handle.map(|handle| handle.as_str().to_ascii_lowercase()),
            Err(_) => return Ok(None),
        };
        let known = self.index.handles(&[owner.to_string()]).await.map_err(Refusal::from)?;
        let known = known.into_iter().next().map(|known| known.handle);
        if known != handle {
            self.index.name_owner(owner, handle.as_deref()).await.map_err(Refusal::from)?;
        }
        Ok(handle)
    }
}
