//! What to do when a way of reading leads nowhere.

use super::Reader;
use crate::refusal::is_unknown_method;
use crate::{Kind, Mode, RemoteError, telemetry};

impl Reader {
    /// Prepares for going on in spite of an error: at another host, if the repository turns out to have moved, or in another
    /// way. Otherwise the error is returned.
    pub(super) async fn recover(&mut self, error: RemoteError) -> Result<(), RemoteError> {
        if error.suggests_moving() && !self.relocated {
            self.relocated = true;
            if let Some(home) = self.remote.moved(&self.home).await? {
                self.home = home;
                self.way = None;
                self.closed.clear();
                self.weighed = false;
                return Ok(());
            }
        }
        if self.mode == Mode::Auto {
            let others =
                [Mode::Pages, Mode::Export, Mode::Blocks].into_iter().filter(|way| *way != self.used);
            let closes = closes(self.used, &error);
            if !closes.is_empty() && others.into_iter().any(|way| self.is_open(way) && !closes.contains(&way))
            {
                tracing::debug!(did = %self.home.did, way = %self.used, %error, "reading in another way");
                if matches!(error, RemoteError::Untrusted { .. }) && self.used == Mode::Pages {
                    // Nothing that was listed is believed any more.
                    self.remaining = self.start.clone();
                }
                self.weighed = false;
                self.way = None;
                self.closed.extend(closes);
                return Ok(());
            }
        }
        if let RemoteError::Untrusted { reason, .. } = &error {
            telemetry::untrusted(reason);
        }
        Err(error)
    }
}

/// What a host is not believed for that is about its listing, and not about the repository.
const OF_LISTINGS: [&str; 6] =
    ["unordered", "foreign_uri", "too_many_records", "cursor_repeats", "endless", "not_in_tree"];

/// The ways that an error of one way shows to lead nowhere; none if that would be no different in another.
///
/// Whoever lists nonsense may still have the signed tree, and whoever sends a tree that is incomplete may still have its
/// blocks. But who shows a tree that is not the author's is not asked to say the same without proof.
fn closes(way: Mode, error: &RemoteError) -> &'static [Mode] {
    let is_lost = is_unknown_method(error) || error.kind() == Kind::TooLarge;
    match (way, error.kind()) {
        (Mode::Pages, Kind::Malformed | Kind::TooLarge) => &[Mode::Pages],
        (Mode::Pages, Kind::Untrusted(reason)) if OF_LISTINGS.contains(&reason) => &[Mode::Pages],
        (Mode::Export, _) if is_lost || is_timeout(error) => &[Mode::Export],
        (Mode::Export, Kind::Untrusted("car_block" | "missing_node" | "missing_block")) => &[Mode::Export],
        (Mode::Blocks, _) if is_lost => &[Mode::Blocks],
        (Mode::Blocks, Kind::Untrusted("missing_node" | "missing_block")) => &[Mode::Blocks],
        _ => &[],
    }
}

/// Whether a whole repository is more than the host sends in the time allowed.
fn is_timeout(error: &RemoteError) -> bool {
    matches!(error, RemoteError::Transport { cause, .. } if matches!(**cause, outbound::Error::Timeout { .. }))
}
