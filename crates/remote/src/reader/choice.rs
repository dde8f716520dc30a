//! Which way to read in.

use atproto::{Cid, RecordKey};

use super::cost::{Costs, Estimate};
use super::export::Export;
use super::pages::Pages;
use super::partial::Partial;
use super::{Reader, Way};
use crate::{Kind, Mode, RemoteError, signed};

impl Reader {
    /// Opens the way to read in. If any will do, pages come first: they tell small collections at once.
    pub(super) async fn choose(&mut self) -> Result<Way, RemoteError> {
        match self.mode {
            Mode::Auto if self.is_open(Mode::Pages) => self.open(Mode::Pages).await,
            Mode::Auto if self.is_open(Mode::Export) && self.is_open(Mode::Blocks) => {
                self.used = Mode::Blocks;
                let partial = self.partial().await?;
                match self.cheapest(&partial).await {
                    Mode::Export => self.open(Mode::Export).await,
                    _ => Ok(Way::Blocks(Box::new(partial))),
                }
            }
            Mode::Auto if self.is_open(Mode::Blocks) => self.open(Mode::Blocks).await,
            Mode::Auto => self.open(Mode::Export).await,
            mode => self.open(mode).await,
        }
    }

    /// When a listing turns out to be long: is it what the author signed, and would another way be quicker?
    pub(super) async fn look_at_tree(&mut self, mut pages: Box<Pages>) -> Result<Way, RemoteError> {
        let samples = pages.samples();
        let Some(partial) = self.vouch(samples).await? else { return Ok(Way::Pages(pages)) };
        let others = self.is_open(Mode::Export) || self.is_open(Mode::Blocks);
        if self.mode != Mode::Auto || self.weighed || !others {
            return Ok(Way::Pages(pages));
        }
        self.weighed = true;
        match self.cheapest(&partial).await {
            Mode::Export => self.open(Mode::Export).await,
            Mode::Blocks => {
                self.used = Mode::Blocks;
                Ok(Way::Blocks(Box::new(partial)))
            }
            _ => Ok(Way::Pages(pages)),
        }
    }

    /// Looks for listed records in the signed tree: the tree, as far as it was fetched for that.
    ///
    /// A record may have been changed or deleted since it was listed, two at once hardly. Where nothing can be proven the
    /// listing goes on without, but not against a proof.
    async fn vouch(&self, samples: Vec<(RecordKey, Cid)>) -> Result<Option<Partial>, RemoteError> {
        let Some((collection, _)) = self.remaining.first().filter(|_| self.home.key.is_some()) else {
            return Ok(None);
        };
        let mut doubts = 0;
        for (rkey, cid) in samples {
            let partial = match Partial::open(&self.remote, &self.home, collection, Some(&rkey)).await {
                Ok(partial) => partial,
                Err(error) if matches!(error.kind(), Kind::Untrusted(reason) if signed::REASONS.contains(&reason)) =>
                {
                    return Err(error);
                }
                Err(_) => return Ok(None),
            };
            if partial.find(collection, &rkey).is_ok_and(|found| found != Some(cid)) {
                doubts += 1;
            } else {
                return Ok(Some(partial));
            }
        }
        if doubts > 1 { Err(self.home.untrusted("not_in_tree")) } else { Ok(None) }
    }

    async fn open(&mut self, mode: Mode) -> Result<Way, RemoteError> {
        let (remote, home) = (&self.remote, &self.home);
        self.used = mode;
        Ok(match mode {
            Mode::Export => Way::Export(Box::new(Export::open(remote, home).await?)),
            Mode::Blocks => Way::Blocks(Box::new(self.partial().await?)),
            Mode::Pages | Mode::Auto => Way::Pages(Box::new(Pages::open(remote, home).await?)),
        })
    }

    async fn partial(&self) -> Result<Partial, RemoteError> {
        let (collection, left) = self.remaining.first().ok_or_else(|| self.home.untrusted("nothing_left"))?;
        Partial::open(&self.remote, &self.home, collection, left.above.as_ref()).await
    }

    /// The way that is expected to be the quickest, judged by the top of the tree.
    async fn cheapest(&self, partial: &Partial) -> Mode {
        let mut wanted = 0.0;
        for collection in self.remaining.collections() {
            wanted += partial.estimate(&format!("{collection}/"));
        }
        let total = partial.estimate("").max(wanted);
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let (collections, max_export) =
            (self.remaining.collections().len() as f64, self.remote.config().max_export_bytes as f64);
        // With one key in four a level higher; the way down to where reading begins is known.
        let depth = (wanted.max(1.0).ln() / 4_f64.ln()).floor();
        let estimate = Estimate { total, wanted, depth, collections };
        let speed = self.remote.client().host(&self.home.host).await.speeds.now();
        let costs = Costs::of(&estimate, &speed, max_export);
        let ways = [Mode::Pages, Mode::Export, Mode::Blocks];
        let cheapest = costs.cheapest(ways.into_iter().filter(|way| self.is_open(*way)));
        tracing::debug!(did = %self.home.did, ?estimate, ?speed, ?costs, ?cheapest, "ways of reading compared");
        cheapest.unwrap_or(Mode::Blocks)
    }
}
