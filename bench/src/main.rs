//! `bench`: measures the server that was built beside it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use bench::library::Library;
use bench::report::Report;
use bench::{
    auth, backfill, firehose, freshness, ingest, lexicon, queries, reads, readthrough, registry, scripted,
    social, startup, sync,
};
use clap::{Parser, ValueEnum};

/// How many records the small library has, whatever the large one has.
const FEW: u32 = 10_000;

/// Measure the release build against the limits of this machine, in one run
///
/// Ratios travel between machines, absolute figures do not. Exits with 1 if a result is wrong, not if it is slow.
#[derive(Debug, Parser)]
#[command(name = "bench", max_term_width = 110)]
struct Arguments {
    /// What to measure
    what: What,
    /// Events of the ingest
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u32).range(8..))]
    events: u32,
    /// Commits of the relay
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(100..))]
    commits: u32,
    /// Records that queries and start-up deal with, and thoughts of the microblog
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1_000..))]
    records: u32,
    /// Repositories of a backfill, of 200 records each
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(10..))]
    repos: u32,
    /// How often the ingest is repeated
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Seconds that each query, each credential, each feed and each rate of the freshness measurement takes
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Of the sync app, only the workloads with this in their names; `requests`, `idle` and `storm` are such names, too
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
    /// MiB that each of eight clients of the registry moves while its memory is looked at
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u32).range(64..))]
    mebibytes: u32,
    /// Tags that one repository of the registry gets
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(100..))]
    tags: u32,
    /// Let the server ask for compressed events
    #[arg(long)]
    compress: bool,
    /// The server's binary [default: the one beside this program]
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Folder for databases, on the disk in question [default: target/bench]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// An empty PostgreSQL for the pages of the microblog, in the place of SQLite
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// From the stream to durable rows, against raw inserts
    Ingest,
    /// Proven commits of a relay, against their signatures alone
    Firehose,
    /// History, in each way of reading it, and queries meanwhile
    Backfill,
    /// Records that are fetched because somebody asks for them
    Readthrough,
    /// How old events are when they are committed
    Freshness,
    /// Queries on few and many records
    Reads,
    /// Records compared with their lexicons, beside parsing them
    Lexicon,
    /// Queries by fields and words on few and many records, against the same SQL by hand
    Queries,
    /// The same query with each kind of credential and with none
    Auth,
    /// Scripts that answer queries, and one that sees every record of the ingest
    Scripts,
    /// The sync app: messages from posters to listeners
    Sync,
    /// The registry: blobs and manifests in and out, beside the reference server of its protocol
    Registry,
    /// The microblog: pages of feeds, what is found, and the memory of a server that has half a million follows
    Social,
    /// The microblog among other servers: notes, what comes in and what goes out
    SocialFederation,
    /// From exec to ready, and idle memory
    Startup,
    /// Everything
    All,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let reports = run(&arguments)?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&reports)?);
    }
    let is_right = reports.iter().all(|report| report.faults.is_empty());
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run(arguments: &Arguments) -> anyhow::Result<Vec<Report>> {
    let beside = std::env::current_exe()?.with_file_name("belvedere");
    let binary = arguments.binary.clone().unwrap_or(beside);
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    let dir = arguments.dir.clone().unwrap_or(target);
    std::fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;

    let mut reports = Vec::new();
    let mut done = |report: Report| {
        if !arguments.json {
            println!("{report}");
        }
        reports.push(report);
    };
    let wants = |what| arguments.what == what || arguments.what == What::All;
    if wants(What::Ingest) {
        let Arguments { events, rounds, compress, .. } = *arguments;
        done(ingest::run(&binary, &dir, &ingest::Options { events, rounds, compress })?);
    }
    if wants(What::Firehose) {
        done(firehose::run(&binary, &dir, arguments.commits)?);
    }
    if wants(What::Backfill) {
        done(backfill::run(&binary, &dir, arguments.repos)?);
    }
    if wants(What::Readthrough) {
        done(readthrough::run(&binary, &dir, arguments.seconds)?);
    }
    if wants(What::Freshness) {
        done(freshness::run(&binary, &dir, arguments.seconds)?);
    }
    if wants(What::Lexicon) {
        done(lexicon::run()?);
    }
    if wants(What::Queries) {
        done(queries::run(&dir, FEW, arguments.records)?);
    }
    if wants(What::Auth) {
        let dir = tempfile::tempdir_in(&dir)?;
        let library = Library::fill(&binary, &dir.path().join("auth"), FEW)?;
        done(auth::run(&library, arguments.seconds)?);
    }
    if wants(What::Scripts) {
        let folder = tempfile::tempdir_in(&dir)?;
        let library = Library::fill(&binary, &folder.path().join("scripts"), FEW)?;
        done(scripted::run(&library, arguments.seconds)?);
        let Arguments { events, rounds, compress, .. } = *arguments;
        done(ingest::run_scripted(&binary, &dir, &ingest::Options { events, rounds, compress })?);
    }
    if wants(What::Sync) {
        done(sync::run(&binary, &dir, arguments.seconds, &arguments.only)?);
    }
    if wants(What::Registry) {
        let Arguments { seconds, mebibytes, tags, .. } = *arguments;
        done(registry::run(&binary, &dir, &registry::Options { seconds, mebibytes, tags })?);
    }
    if wants(What::Social) {
        let Arguments { records, seconds, .. } = *arguments;
        done(social::run(&dir, arguments.postgres.as_deref(), records, seconds)?);
        done(social::served(&binary, &dir, seconds)?);
    }
    if wants(What::SocialFederation) {
        done(social::federation::run(&binary, &dir, arguments.seconds)?);
    }
    if wants(What::Reads) || wants(What::Startup) {
        let dir = tempfile::tempdir_in(&dir)?;
        let large = Library::fill(&binary, &dir.path().join("large"), arguments.records)?;
        if wants(What::Startup) {
            done(startup::run(&large)?);
        }
        if wants(What::Reads) {
            let small = Library::fill(&binary, &dir.path().join("small"), FEW)?;
            done(reads::run(&small, &large, arguments.seconds)?);
        }
    }
    Ok(reports)
}
