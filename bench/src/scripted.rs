//! Queries that scripts answer, beside those that the server answers by itself.

use std::time::Duration;

use anyhow::Context;

use crate::belvedere::{Network, QUERY, Server};
use crate::http::{Connection, Load, Outcome, request};
use crate::library::{COLLECTION, Library};
use crate::report::{Limit, Report, Table, median};
use crate::stream::{Frames, Pace, StreamServer};

/// Clients that ask at the same time.
const CLIENTS: usize = 16;
/// One measurement.
const SLICE: Duration = Duration::from_secs(1);
/// Different requests of a kind.
const VARIANTS: i64 = 5_000;
/// HappyView 2.8.1, processor time as a multiple of what its `/health` takes: a script that returns a constant (830 ÷ 11 µs) …
const PEER_CONSTANT: f64 = 830.0 / 11.0;
/// … and one that gets a record (980 ÷ 11 µs).
const PEER_GET: f64 = 980.0 / 11.0;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Health,
    Constant,
    Get,
    ScriptGet,
    Newest,
    ScriptNewest,
}

impl Question {
    const ALL: [Self; 6] =
        [Self::Health, Self::Constant, Self::Get, Self::ScriptGet, Self::Newest, Self::ScriptNewest];

    fn name(self) -> &'static str {
        match self {
            Self::Health => "/health",
            Self::Constant => "script: a constant",
            Self::Get => "get by URI",
            Self::ScriptGet => "script: get by URI",
            Self::Newest => "newest 20",
            Self::ScriptNewest => "script: newest 20",
        }
    }

    /// The method, and the script that answers it.
    fn script(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Constant => {
                Some(("com.example.demo.constant", "function handle() return { ok = true } end"))
            }
            Self::ScriptGet => Some((
                "com.example.demo.getNote",
                "function handle() return { record = db.get(params.uri) } end",
            )),
            Self::ScriptNewest => Some((
                "com.example.demo.newestNotes",
                "function handle() return db.query{ collection = collection, limit = params.limit, cursor = params.cursor } end",
            )),
            Self::Health | Self::Get | Self::Newest => None,
        }
    }

    fn targets(self, library: &Library) -> Vec<String> {
        let method = self.script().map_or(QUERY, |(nsid, _)| nsid);
        match self {
            Self::Health => vec!["/health".to_owned()],
            Self::Constant => vec![format!("/xrpc/{method}")],
            Self::Get | Self::ScriptGet => {
                (0..VARIANTS).map(|i| format!("/xrpc/{method}?uri={}", library.uri(library.any(i)))).collect()
            }
            Self::Newest | Self::ScriptNewest => vec![format!("/xrpc/{method}?limit=20")],
        }
    }
}

/// Runs the benchmark, so many seconds per question.
///
/// # Errors
/// When something cannot be run; a wrong answer is a fault in the report.
pub fn run(library: &Library, seconds: u32) -> anyhow::Result<Report> {
    let mut report =
        Report::new(format!("Scripts that answer queries, {CLIENTS} clients, median of {seconds} s"));
    for (nsid, body) in Question::ALL.into_iter().filter_map(Question::script) {
        library.belvedere.add_query_as(nsid, COLLECTION)?;
        library.belvedere.add_script(&format!("xrpc.query:{nsid}"), body)?;
    }
    let quiet = StreamServer::start(Frames::default().into(), Pace::Unbounded)?;
    let server = library.belvedere.serve(Network::of(quiet.url()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcomes = runtime.block_on(async {
        report.faults.extend(same(library, &server).await?);
        let mut outcomes = vec![Vec::new(); Question::ALL.len()];
        // In turn, so that a noisy moment touches all; the first round is unmeasured.
        for round in 0..=seconds {
            for (question, outcomes) in Question::ALL.into_iter().zip(&mut outcomes) {
                let outcome = measure(question, library, &server).await?;
                if round > 0 {
                    outcomes.push(outcome);
                }
            }
        }
        anyhow::Ok(outcomes)
    })?;
    server.stop()?;
    figures(&outcomes, &mut report);
    Ok(report)
}

async fn measure(question: Question, library: &Library, server: &Server<'_>) -> anyhow::Result<Outcome> {
    let (address, process) = (server.address(), server.process());
    let requests: Vec<Vec<u8>> =
        question.targets(library).iter().map(|target| request(address, target)).collect();
    let load = Load {
        address,
        server: process,
        requests: &requests,
        connections: CLIENTS,
        duration: SLICE,
        once: false,
    };
    load.run().await.with_context(|| server.log())
}

/// A script answers what the server would.
async fn same(library: &Library, server: &Server<'_>) -> anyhow::Result<Vec<String>> {
    let mut connection = Connection::open(server.address()).await?;
    let mut faults = Vec::new();
    for (plain, scripted) in
        [(Question::Get, Question::ScriptGet), (Question::Newest, Question::ScriptNewest)]
    {
        let mut answers = Vec::new();
        for question in [plain, scripted] {
            let target = question.targets(library).remove(0);
            let answer = connection.send(&request(server.address(), &target)).await?;
            let mut answer: serde_json::Value = serde_json::from_slice(answer.body)
                .with_context(|| format!("{target}: {}", String::from_utf8_lossy(answer.body)))?;
            // Each has cursors of its own.
            answer.as_object_mut().map(|fields| fields.remove("cursor"));
            answers.push(answer);
        }
        if answers[0] != answers[1] {
            faults.push(format!("{}: expected {}, found {}", scripted.name(), answers[0], answers[1]));
        }
    }
    Ok(faults)
}

fn figures(outcomes: &[Vec<Outcome>], report: &mut Report) {
    let all = || Question::ALL.into_iter().zip(outcomes);
    let mut table = Table::new("", ["requests/s", "p50 ms", "p99 ms", "processor µs"]);
    for (question, outcomes) in all() {
        let figures: [fn(&Outcome) -> f64; 4] = [
            |outcome| outcome.rate,
            |outcome| outcome.p50_ms,
            |outcome| outcome.p99_ms,
            |outcome| outcome.cpu_us,
        ];
        table.row(question.name(), figures.map(|figure| median(outcomes.iter().map(figure))));
    }
    report.tables.push(table);
    let of =
        |wanted| all().find(|(question, _)| *question == wanted).map_or(&[][..], |(_, outcomes)| outcomes);
    // Between neighbouring slices.
    let ratio = |of_this, of_that| {
        median(of(of_this).iter().zip(of(of_that)).map(|(this, that)| this.cpu_us / that.cpu_us))
    };
    let constant = ratio(Question::Constant, Question::Health);
    let get = ratio(Question::ScriptGet, Question::Health);
    report.figure("script: a constant ÷ /health, processor time", constant, "×");
    report.figure("script: a constant ÷ /health, HappyView elsewhere", PEER_CONSTANT, "×");
    report.bar(
        "HappyView's multiple ÷ ours, a constant",
        PEER_CONSTANT / constant,
        Limit::AtLeast(20.0),
        "×",
    );
    report.bar("HappyView's multiple ÷ ours, get by URI", PEER_GET / get, Limit::AtLeast(20.0), "×");
    let newest = ratio(Question::ScriptNewest, Question::Newest);
    report.bar("newest 20, script ÷ built in, processor time", newest, Limit::AtMost(3.0), "×");
    let got = ratio(Question::ScriptGet, Question::Get);
    report.bar("get by URI, script ÷ built in, processor time", got, Limit::AtMost(3.0), "×");
}
