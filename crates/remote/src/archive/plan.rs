//! What to download.

use atproto::{Did, Nsid};

use super::Archive;
use super::fetch::PLAN;
use super::filter::Filter;
use super::planned::PlannedSegments;
use super::wire::Page;
use crate::RemoteError;

/// Pages of a plan that are accepted. A server plans 100,000 entries at once unless it is told otherwise.
const MAX_PAGES: usize = 1000;

/// What somebody wants from an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanRequest {
    /// Records of these collections; empty: of all.
    pub collections: Vec<Nsid>,
    /// Events of these repositories; empty: of all.
    pub dids: Vec<Did>,
    /// Only events with a higher sequence number.
    pub after_seq: Option<u64>,
    /// No events with a higher sequence number than this.
    pub before_seq: Option<u64>,
}

/// What to download to get it. Made by [`Archive::plan`].
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) filter: Filter,
    pub(super) segments: PlannedSegments,
    /// Nothing up to here is wanted.
    pub(super) after: u64,
    end: u64,
}

impl Plan {
    /// The sequence number up to which the archive reached when the plan was made. A subscription that begins there, or
    /// a later plan that begins after it, has what follows.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Whether there is nothing to download.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.as_slice().is_empty()
    }

    /// Number of segments to download, in whole or in part.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.segments.as_slice().len()
    }
}

impl Archive {
    /// Asks which parts of the archive may hold what is wanted, page by page to the end. The first answer says where that
    /// is: what the archive gains meanwhile is not part of the plan.
    pub async fn plan(&self, request: &PlanRequest) -> Result<Plan, RemoteError> {
        let after = request.after_seq.unwrap_or(0);
        let (filter, segments) = (Filter::new(request), PlannedSegments::default());
        let mut plan = Plan { filter, segments, after, end: after };
        let mut request = request.clone();
        if request.before_seq.is_some_and(|before| before <= after) {
            return Ok(plan);
        }
        let mut through = after;
        for page in 0..MAX_PAGES {
            let answer = self.plan_page(&request, through).await?;
            let Page { planned_through_seq, sealed_tip_seq, .. } = answer;
            if page == 0 {
                // An archive may end before the events asked for begin.
                plan.end = sealed_tip_seq.min(request.before_seq.unwrap_or(u64::MAX)).max(after);
                request.before_seq = Some(plan.end);
            } else if sealed_tip_seq != plan.end {
                return Err(self.malformed(PLAN, &"the end of the archive moved although it was given"));
            }
            for segment in answer.segments {
                plan.segments.add(segment).map_err(|what| self.malformed(PLAN, &what))?;
            }
            if planned_through_seq >= plan.end || sealed_tip_seq <= after {
                return Ok(plan);
            }
            if planned_through_seq <= through {
                return Err(self.malformed(PLAN, &"a page that leads no further"));
            }
            through = planned_through_seq;
        }
        Err(self.malformed(PLAN, &"a plan without end"))
    }
}
