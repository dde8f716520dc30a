//! A page of a feed, as statuses.

use axum::response::Response;
use clock::now_micros;
use server::Problem;
use social::Id;
use social::feeds::{self, Source, Span, Wanted};

use crate::entities::statuses;
use crate::paging::Paging;
use crate::refusal::Refusal;
use crate::services::Services;

/// Which feed, and what of it.
pub(crate) struct Feed {
    source: Which,
    wanted: Wanted,
}

enum Which {
    Known(Source),
    Tag(String),
}

impl Feed {
    pub(crate) fn of(source: Source) -> Self {
        Self { source: Which::Known(source), wanted: Wanted::default() }
    }

    pub(crate) fn tag(name: String) -> Self {
        Self { source: Which::Tag(name), wanted: Wanted::default() }
    }

    pub(crate) fn with(self, change: impl FnOnce(Wanted) -> Wanted) -> Self {
        Self { wanted: change(self.wanted), ..self }
    }
}

/// The page that is asked for, and where the next one is.
pub(crate) async fn shown(
    services: &Services,
    viewer: Option<Id>,
    paging: Paging,
    feed: Feed,
) -> Result<Response, Problem> {
    let (addresses, span) = (services.addresses().clone(), paging.span());
    let limit = usize::try_from(paging.limit(20, 40)).unwrap_or(20);
    let Feed { source, wanted } = feed;
    let read = services.social.ask(move |conn| {
        let source = match &source {
            Which::Known(source) => *source,
            Which::Tag(name) => match Source::tag(conn, name)? {
                Some(source) => source,
                None => return Ok((Vec::new(), None)),
            },
        };
        let page = feeds::page(conn, source, viewer, now_micros(), span, limit, wanted)?;
        let shown = page.entries.iter().map(|it| if it.boosted_by.is_some() { it.at } else { it.thought });
        let mut items = statuses(conn, &addresses, viewer, &shown.collect::<Vec<_>>())?;
        if span.upwards {
            items.reverse();
        }
        Ok((items, ends(span, &page)))
    });
    let (items, ends) = read.await.map_err(Refusal::from)?;
    Ok(paging.page(services.base(), items, ends))
}

/// Between which places a page is: newest and oldest. One of which nothing is shown still leads on.
fn ends(span: Span, page: &feeds::Page) -> Option<(Id, Id)> {
    let (first, last) = (page.entries.first().map(|it| it.at), page.entries.last().map(|it| it.at));
    let last = page.next.or(last)?;
    let first = first.unwrap_or(last);
    Some(if span.upwards { (last, first) } else { (first, last) })
}
