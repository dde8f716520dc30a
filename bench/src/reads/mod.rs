//! Queries over HTTP, on few and on many records: how fast, at what cost, and whether the number matters.

mod check;
mod question;
mod raw;

use std::time::Duration;

use anyhow::Context;

use crate::belvedere::{Network, Server};
use crate::http::{Load, Outcome};
use crate::library::Library;
use crate::report::{Limit, Report, Table, median};
use crate::stream::{Frames, Pace, StreamServer};
use question::Question;

/// Clients that ask at the same time.
const CLIENTS: usize = 16;
/// One measurement. Short, so that the two servers take turns often and a noisy moment touches both.
const SLICE: Duration = Duration::from_secs(1);
/// Unmeasured, before the first slice.
const WARM_UP: Duration = Duration::from_millis(500);
/// HappyView 2.8.1, get by URI: its processor time as a multiple of what its `/health` takes (130 ÷ 11 µs).
const PEER_GET: f64 = 130.0 / 11.0;

/// One question, asked of both servers in turn.
struct Asked {
    question: Question,
    small: Vec<Outcome>,
    large: Vec<Outcome>,
}

/// Runs the benchmark on two libraries that differ in size only, so many seconds per question and library.
///
/// # Errors
/// When something cannot be run; a wrong answer is a fault in the report.
pub fn run(small: &Library, large: &Library, seconds: u32) -> anyhow::Result<Report> {
    let mut report = Report::new(format!(
        "Queries by {CLIENTS} clients on {} and on {} records, median of {} s",
        small.records, large.records, seconds,
    ));
    let quiet = StreamServer::start(Frames::default().into(), Pace::Unbounded)?;
    let network = Network::of(quiet.url());
    let small_server = small.belvedere.serve(network)?;
    let large_server = large.belvedere.serve(network)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let asked = runtime.block_on(async {
        for (library, server) in [(small, &small_server), (large, &large_server)] {
            report.faults.extend(check::answers(library, server.address()).await?);
        }
        let mut asked = Vec::new();
        for question in Question::ALL {
            asked.push(ask(question, (small, &small_server), (large, &large_server), seconds).await?);
        }
        anyhow::Ok(asked)
    })?;
    small_server.stop()?;
    large_server.stop()?;
    figures(&asked, &mut report);
    compare_get(&asked, large, &mut report)?;
    for asked in asked.iter().filter(|asked| asked.question != Question::Health) {
        asked.bars(&mut report);
    }
    Ok(report)
}

async fn ask(
    question: Question,
    small: (&Library, &Server<'_>),
    large: (&Library, &Server<'_>),
    seconds: u32,
) -> anyhow::Result<Asked> {
    let requests = (
        question.requests(small.0, small.1.address()).await?,
        question.requests(large.0, large.1.address()).await?,
    );
    let mut asked = Asked { question, small: Vec::new(), large: Vec::new() };
    measure(small.1, &requests.0, WARM_UP).await?;
    measure(large.1, &requests.1, WARM_UP).await?;
    for _ in 0..seconds {
        asked.small.push(measure(small.1, &requests.0, SLICE).await?);
        asked.large.push(measure(large.1, &requests.1, SLICE).await?);
    }
    Ok(asked)
}

async fn measure(server: &Server<'_>, requests: &[Vec<u8>], duration: Duration) -> anyhow::Result<Outcome> {
    let (address, process) = (server.address(), server.process());
    let load = Load { address, server: process, requests, connections: CLIENTS, duration, once: false };
    load.run().await.with_context(|| server.log())
}

impl Asked {
    /// The middle of a figure on many records.
    fn large(&self, figure: fn(&Outcome) -> f64) -> f64 {
        median(self.large.iter().map(figure))
    }

    /// The middle of its ratios, many to few records, each taken between neighbouring slices.
    fn ratio(&self, figure: fn(&Outcome) -> f64) -> f64 {
        median(self.large.iter().zip(&self.small).map(|(large, small)| figure(large) / figure(small)))
    }

    fn bars(&self, report: &mut Report) {
        let name = self.question.name();
        let p99 = self.large(|outcome| outcome.p99_ms);
        report.bar(format!("{name}, p99"), p99, Limit::AtMost(5.0), "ms");
        let growth = self.ratio(|outcome| outcome.p99_ms);
        report.bar(format!("{name}, p99, many ÷ few records"), growth, Limit::AtMost(1.5), "×");
    }
}

fn figures(asked: &[Asked], report: &mut Report) {
    let mut many = Table::new("many records", ["requests/s", "p50 ms", "p99 ms", "processor µs"]);
    let mut ratios = Table::new("many ÷ few records", ["requests/s", "p50", "p99", "processor"]);
    let figures: [fn(&Outcome) -> f64; 4] = [
        |outcome| outcome.rate,
        |outcome| outcome.p50_ms,
        |outcome| outcome.p99_ms,
        |outcome| outcome.cpu_us,
    ];
    for asked in asked {
        many.row(asked.question.name(), figures.map(|figure| asked.large(figure)));
        ratios.row(asked.question.name(), figures.map(|figure| asked.ratio(figure)));
    }
    report.tables.extend([many, ratios]);
}

/// Holds a get against the same look-up without a server, and against HappyView's through the one number that
/// both have: what their HTTP stacks need to say that they are well.
fn compare_get(asked: &[Asked], large: &Library, report: &mut Report) -> anyhow::Result<()> {
    let cpu = |question| {
        let asked = asked.iter().find(|asked| asked.question == question);
        asked.map_or(f64::NAN, |asked| asked.large(|outcome| outcome.cpu_us))
    };
    report.figure("SQLite alone, get, processor time", raw::get(large)?.cpu_us(), "µs");
    report.figure("SQLite alone, newest 20, processor time", raw::newest(large)?.cpu_us(), "µs");
    report.figure("get ÷ /health, processor time", cpu(Question::Get) / cpu(Question::Health), "×");
    report.figure("get ÷ /health, processor time, HappyView elsewhere", PEER_GET, "×");
    Ok(())
}
