//! What it costs to know who is asking: the same query with each kind of credential and with none.

mod credential;
mod directory;
mod prepare;

use std::time::{Duration, Instant};

use anyhow::Context;
use atproto::Did;
use atproto::crypto::PrivateKey;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey,
};

use crate::belvedere::{Network, Server};
use crate::http::{Load, Outcome};
use crate::library::Library;
use crate::process::to_f64;
use crate::report::{Limit, Report, Table, median};
use crate::stream::{Frames, Pace, StreamServer};
use credential::Credential;
use directory::Directory;
use prepare::Credentials;

/// What the server is called outside; requests name it in their `Host`.
const PUBLIC_URL: &str = "https://bench.example";
const HOST: &str = "bench.example";
/// Somebody who is asking.
const DID: &str = "did:plc:ragtjsm2j2vknwkz3zp4oxrd";
/// Clients that ask at the same time.
const CLIENTS: usize = 16;
const SLICE: Duration = Duration::from_secs(1);
/// Signatures verified to know what one costs.
const SIGNATURES: usize = 2_000;

/// One kind of credential and what was measured with it.
struct Asked {
    credential: Credential,
    outcomes: Vec<Outcome>,
}

/// Runs the benchmark, so many seconds per credential.
///
/// # Errors
/// When something cannot be run, or a request is refused.
pub fn run(library: &Library, seconds: u32) -> anyhow::Result<Report> {
    let title = format!("Who asks: {CLIENTS} clients, {} records, median of {seconds} s", library.records);
    let mut report = Report::new(title);
    let (did, key) = (Did::parse(DID)?, PrivateKey::generate_p256());
    let directory = Directory::start(&did, key.public())?;
    let quiet = StreamServer::start(Frames::default().into(), Pace::Unbounded)?;
    let plc = directory.url();
    let network = Network { plc: &plc, public_url: Some(PUBLIC_URL), ..Network::of(quiet.url()) };
    let server = library.belvedere.serve(network)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut asked = Credential::ALL.map(|credential| Asked { credential, outcomes: Vec::new() });
    runtime.block_on(async {
        let credentials = Credentials::make(library, server.address(), did, key);
        let credentials = credentials.await.with_context(|| server.log())?;
        let uri = library.uri(0);
        // The first round warms up and is not counted.
        for round in 0..=seconds {
            for asked in &mut asked {
                let outcome = measure(&server, asked.credential, &credentials, &uri).await?;
                asked.outcomes.extend((round > 0).then_some(outcome));
            }
        }
        anyhow::Ok(())
    })?;
    server.stop()?;
    figures(&asked, signature_us()?, &mut report);
    Ok(report)
}

async fn measure(
    server: &Server<'_>,
    credential: Credential,
    credentials: &Credentials,
    uri: &str,
) -> anyhow::Result<Outcome> {
    let requests = credential.requests(credentials, uri)?;
    let load = Load {
        address: server.address(),
        server: server.process(),
        requests: &requests,
        connections: CLIENTS,
        duration: SLICE,
        once: credential.is_single_use(),
    };
    load.run().await.with_context(|| server.log())
}

impl Asked {
    fn figure(&self, figure: fn(&Outcome) -> f64) -> f64 {
        median(self.outcomes.iter().map(figure))
    }
}

/// Microseconds that one signature of the common kind takes to verify, by the library alone: nobody can know who signed
/// for less.
fn signature_us() -> anyhow::Result<f64> {
    let (message, random) = ([7; 400], SystemRandom::new());
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let signature = pair.sign(&random, &message)?;
    let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref())?;
    let started = Instant::now();
    for _ in 0..SIGNATURES {
        key.verify_sig(&message, signature.as_ref())?;
    }
    Ok(started.elapsed().as_secs_f64() * 1e6 / to_f64(SIGNATURES))
}

fn figures(asked: &[Asked], signature_us: f64, report: &mut Report) {
    let mut table = Table::new("", ["requests/s", "p50 ms", "p99 ms", "processor µs"]);
    let figures: [fn(&Outcome) -> f64; 4] = [
        |outcome| outcome.rate,
        |outcome| outcome.p50_ms,
        |outcome| outcome.p99_ms,
        |outcome| outcome.cpu_us,
    ];
    for asked in asked {
        table.row(asked.credential.name(), figures.map(|figure| asked.figure(figure)));
    }
    report.tables.push(table);
    let cpu = |credential| {
        let asked = asked.iter().find(|asked| asked.credential == credential);
        asked.map_or(f64::NAN, |asked| asked.figure(|outcome| outcome.cpu_us))
    };
    let anonymous = cpu(Credential::Anonymous);
    report.figure("one ES256 signature verified, alone", signature_us, "µs");
    report.figure(
        "API key, more than without",
        cpu(Credential::ApiKey) - cpu(Credential::AnonymousElsewhere),
        "µs",
    );
    let cookie = cpu(Credential::Cookie) - anonymous;
    report.bar("cookie, overhead ÷ anonymous query", cookie / anonymous, Limit::AtMost(0.5), "×");
    for (credential, name) in [(Credential::Dpop, "DPoP"), (Credential::ServiceJwt, "service JWT")] {
        let overhead = (cpu(credential) - anonymous) / signature_us;
        report.bar(format!("{name}, overhead ÷ one signature verified"), overhead, Limit::AtMost(2.5), "×");
    }
}
