//! `belvedere script logs`

use std::io::{self, Write};
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use events::{EventLog, Filter, Position, Query, Severity, StoredEvent, kinds};
use serde::Serialize;
use serde_json::Value;

use crate::config::Settings;
use crate::databases;
use crate::output::instant;

/// Between two looks for what is new.
const PERIOD: Duration = Duration::from_millis(500);

/// Read at once.
const PAGE: u32 = 200;

/// Pages that are looked through for what was asked for.
const MAX_PAGES: usize = 100;

const EXAMPLES: &str = "\
Examples:
  belvedere script logs                                                what scripts logged last, and what failed
  belvedere script logs record.index:com.example.note --follow         one script, as it happens
  belvedere script logs --errors --json | jq .detail.error             failures and dead letters only";

/// Show what scripts logged, and what failed, the newest last
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Logs {
    /// Only of this script
    #[arg(value_name = "TRIGGER")]
    id: Option<String>,
    /// Go on with what comes, until Ctrl-C
    #[arg(long, short)]
    follow: bool,
    /// Only failures and dead letters
    #[arg(long)]
    errors: bool,
    /// How many of what is there already
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    limit: u32,
    /// Print a line of JSON for each
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'e> {
    created_at: String,
    event_type: &'e str,
    severity: &'e str,
    trigger: &'e str,
    detail: Value,
}

impl Logs {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = databases::open_existing(settings).await?;
        // It is only read.
        let (log, _) = EventLog::open(&store.state, None);
        let mut last = None;
        self.print(self.since(&log, &mut last, self.limit as usize).await?)?;
        if !self.follow {
            return Ok(());
        }
        loop {
            tokio::time::sleep(PERIOD).await;
            self.print(self.since(&log, &mut last, usize::MAX).await?)?;
        }
    }

    /// The newest `limit` after `last`, the oldest first. `last` becomes the newest that there is, whether or not it is
    /// among them.
    async fn since(
        &self,
        log: &EventLog,
        last: &mut Option<(i64, String)>,
        limit: usize,
    ) -> Result<Vec<StoredEvent>> {
        let filter = Filter {
            categories: vec!["script".to_owned()],
            severities: if self.errors { vec![Severity::Error] } else { Vec::new() },
            subject: self.id.clone(),
            ..Filter::default()
        };
        let known = last.clone();
        let is_new = |event: &StoredEvent| known.as_ref().is_none_or(|known| place(event) > *known);
        let (mut found, mut after): (Vec<StoredEvent>, Option<Position>) = (Vec::new(), None);
        for _ in 0..MAX_PAGES {
            let page = log.query(Query { filter: filter.clone(), limit: PAGE, after }).await?;
            *last = last.take().max(page.events.first().map(place));
            let is_end = page.events.last().is_none_or(|oldest| !is_new(oldest));
            found.extend(page.events.into_iter().filter(|event| is_new(event) && self.is_wanted(event)));
            after = page.next;
            if is_end || after.is_none() || found.len() >= limit {
                break;
            }
        }
        found.truncate(limit);
        found.reverse();
        Ok(found)
    }

    fn is_wanted(&self, event: &StoredEvent) -> bool {
        let is_kind = [kinds::SCRIPT_LOG, kinds::SCRIPT_ERROR, kinds::SCRIPT_DEAD_LETTERED]
            .iter()
            .any(|kind| kind.name() == event.event_type);
        is_kind && self.id.as_ref().is_none_or(|id| event.subject.as_ref() == Some(id))
    }

    fn print(&self, events: Vec<StoredEvent>) -> Result<()> {
        let mut to = io::stdout().lock();
        for event in events {
            let line = Line::new(&event);
            if self.json {
                serde_json::to_writer(&mut to, &line)?;
                writeln!(to)?;
            } else {
                writeln!(to, "{}", line.text())?;
            }
        }
        Ok(to.flush()?)
    }
}

/// In the order of the log.
fn place(event: &StoredEvent) -> (i64, String) {
    (event.created_at, event.id.clone())
}

impl<'e> Line<'e> {
    fn new(event: &'e StoredEvent) -> Self {
        Self {
            created_at: instant(event.created_at),
            event_type: &event.event_type,
            severity: &event.severity,
            trigger: event.subject.as_deref().unwrap_or_default(),
            detail: serde_json::from_str(&event.detail).unwrap_or_default(),
        }
    }

    fn text(&self) -> String {
        let field = |name: &str| self.detail.get(name).and_then(Value::as_str);
        let what = match self.event_type.strip_prefix("script.").unwrap_or(self.event_type) {
            "dead_lettered" => "DEAD LETTER",
            "error" => "ERROR",
            other => other,
        };
        let about = field("uri").map(|uri| format!("{uri}: ")).unwrap_or_default();
        let message = field("message").or_else(|| field("error")).unwrap_or_default();
        format!("{}  {what:<11}  {}  {about}{message}", self.created_at, self.trigger)
            .replace(char::is_control, " ")
    }
}
