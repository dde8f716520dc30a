//! What a run costs: `cargo run --release -p lua --example cost`.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use lua::{Engine, EngineConfig, Host, HostError, Limits, Program, Run};
use serde_json::value::RawValue;

const RUNS: u32 = 20_000;

/// A host that answers at once.
struct Idle;

impl Host for Idle {
    fn functions(&self) -> &[&'static str] {
        &["db.get", "db.query", "db.count", "http.get", "xrpc.query", "atproto.get_labels", "record.schema"]
    }

    fn call<'a>(
        &'a self,
        _: &'a Arc<dyn Any + Send + Sync>,
        _: usize,
        arguments: &'a RawValue,
    ) -> BoxFuture<'a, Result<Box<RawValue>, HostError>> {
        let answer = arguments.to_owned();
        Box::pin(async move { Ok(answer) })
    }
}

fn run(globals: &[(&'static str, Box<RawValue>)]) -> Run {
    let globals = globals.iter().map(|(name, json)| (*name, json.clone().into())).collect();
    Run { globals, limits: Limits::default(), context: Arc::new(()), depth: 0 }
}

fn json(text: String) -> Result<Box<RawValue>, serde_json::Error> {
    RawValue::from_string(text)
}

fn report(what: &str, count: u32, took: Duration) {
    let each = took.as_secs_f64() * 1e6 / f64::from(count);
    println!("{what:<48} {each:>8.2} µs {each:>8.2} ms per 1000");
}

async fn measure(
    engine: &Engine,
    what: &str,
    program: &Program,
    globals: &[(&'static str, Box<RawValue>)],
) -> Result<(), Box<dyn std::error::Error>> {
    for warm in [true, false] {
        let started = Instant::now();
        for _ in 0..RUNS / 1000 {
            let batch = (0..1000).map(|_| (program.clone(), run(globals))).collect();
            for result in engine.run_all(batch).await {
                result?;
            }
        }
        if !warm {
            report(&format!("{what}, in batches of 1000"), RUNS, started.elapsed());
        }
    }
    let started = Instant::now();
    for _ in 0..RUNS / 10 {
        engine.run(program, run(globals)).await?;
    }
    report(&format!("{what}, one by one"), RUNS / 10, started.elapsed());
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::new(EngineConfig::new(2, Arc::new(Idle)));
    let trivial = engine.compile("trivial", "function handle() return true end").await?;
    measure(&engine, "a trivial run", &trivial, &[]).await?;

    let record = json(format!(
        r#"{{"$type":"t.app.post","title":"A Title","text":"{}","createdAt":"2026-01-01T00:00:00Z","langs":["en","de"],
            "score":12,"tags":["a","b","c"],"embed":{{"uri":"at://did:web:a.example/t.app.post/1","cid":"bafy","alt":"{}"}}}}"#,
        "x".repeat(500),
        "y".repeat(200)
    ))?;
    let event = json(format!(r#"{{"action":"create","record":{}}}"#, record.get()))?;
    let globals = [
        ("action", json(r#""create""#.to_owned())?),
        ("uri", json(r#""at://did:web:a.example/t.app.post/3k""#.to_owned())?),
        ("record", record.clone()),
        ("env", json("{}".to_owned())?),
        ("event", event),
    ];
    let source = "function handle()
        if action == 'delete' then return true end
        if not record.title then return nil end
        record.slug = record.title:lower():gsub('%s+', '-')
        return record
    end";
    let script = engine.compile("record.index:t.app.post", source).await?;
    measure(&engine, "a record script, 1 kB of record twice", &script, &globals).await?;
    measure(&engine, "the same without `event`", &script, &globals[..4]).await?;

    let source = "function handle() for _ = 1, 10 do db.get('at://x/y/z') end end";
    let calls = engine.compile("calls", source).await?;
    measure(&engine, "ten calls of the host", &calls, &[]).await?;

    let started = Instant::now();
    for place in 0..200 {
        engine.compile("fresh", &format!("function handle() return {place} end")).await?;
    }
    report("compiling and checking", 200, started.elapsed());
    Ok(())
}
