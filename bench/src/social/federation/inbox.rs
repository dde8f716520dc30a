//! Activities of many people of many hosts, whose keys are known: half of them likes, half answers. Each has its effect.

use std::time::{Duration, SystemTime};

use activitypub::signature::{Form, KeyId, PrivateKey, Signer};
use anyhow::Context;
use serde_json::{Value, json};
use url::Url;

use super::home::{Home, open};
use super::sink::Sink;
use crate::belvedere::{Belvedere, Server};
use crate::http::Load;
use crate::report::{Report, Table};

/// People on each host.
const EACH: usize = 2;

/// Other servers that send at once.
const SENDERS: usize = 16;

/// Activities that are signed beforehand for each second; when they are used up, that part ends.
const PER_SECOND: usize = 2_000;

/// What was taken in.
pub(super) struct Taken {
    pub(super) rate: f64,
}

pub(super) async fn run(
    server: &Server<'_>,
    home: &Home,
    sink: &Sink,
    key: &PrivateKey,
    seconds: u32,
    table: &mut Table,
) -> anyhow::Result<Taken> {
    let (actors, base) = (actors(sink), format!("http://{}", server.address()));
    let count = actors.len() + PER_SECOND * usize::try_from(seconds)?;
    // So many that nobody reacts to one twice.
    let mut thoughts = Vec::new();
    for number in 0..=count / actors.len() {
        let thought = home.write(server, &format!("Number {number}")).await?;
        thoughts.push(format!("{base}/thoughts/{thought}"));
    }
    let author = format!("{base}/users/{}", home.uuid);
    let activity = |number: usize| {
        let (who, round) = (number % actors.len(), number / actors.len());
        (
            actors[who].as_str(),
            activity(&actors[who], number, &thoughts[(round + who) % thoughts.len()], &author),
        )
    };
    // What the first of each costs, the key, is not what is measured.
    let first: Vec<usize> = (0..actors.len()).collect();
    let known = signed(&base, key, &first, activity)?;
    let rest: Vec<usize> = (actors.len()..count).collect();
    let requests = signed(&base, key, &rest, activity)?;
    let load = Load {
        address: server.address(),
        server: server.process(),
        requests: &known,
        connections: SENDERS,
        duration: Duration::from_mins(2),
        once: true,
    };
    load.run().await?;
    let load = Load { requests: &requests, duration: Duration::from_secs(seconds.into()), ..load };
    let outcome = load.run().await?;
    table.row("taken in", [outcome.rate, outcome.cpu_us, outcome.p50_ms, outcome.p99_ms]);
    Ok(Taken { rate: outcome.rate })
}

/// Whether each activity that was answered has had its effect.
pub(super) fn check(belvedere: &Belvedere, report: &mut Report) -> anyhow::Result<()> {
    let count = "SELECT (SELECT count(*) FROM social_processed),
        (SELECT count(*) FROM social_likes) + (SELECT count(*) FROM social_thoughts WHERE local = 0)";
    let (processed, effects): (i64, i64) =
        open(belvedere)?.query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if processed != effects || processed == 0 {
        report.fault(format!("{processed} activities had {effects} effects"));
    }
    Ok(())
}

fn actors(sink: &Sink) -> Vec<String> {
    let hosts = (0..EACH).flat_map(|n| (0..sink.hosts()).map(move |host| (n, host)));
    hosts.map(|(n, host)| format!("http://{}/users/a{n}", sink.host(host))).collect()
}

/// Of one actor: likes and answers in turn, each of or to another thought.
fn activity(actor: &str, number: usize, thought: &str, author: &str) -> Value {
    let id = format!("{actor}/activities/{number}");
    let context = "https://www.w3.org/ns/activitystreams";
    if number.is_multiple_of(2) {
        return json!({ "@context": context, "id": id, "type": "Like", "actor": actor, "object": thought });
    }
    let public = "https://www.w3.org/ns/activitystreams#Public";
    let note = json!({
        "id": format!("{actor}/notes/{number}"), "type": "Note", "attributedTo": actor, "inReplyTo": thought,
        "content": format!("<p>An answer, <b>number</b> {number}</p>"), "to": [public], "cc": [author],
        "tag": [{ "type": "Mention", "href": author, "name": "@alice" }],
    });
    json!({
        "@context": context, "id": id, "type": "Create", "actor": actor, "to": [public], "cc": [author], "object": note,
    })
}

/// Requests with those activities, signed on all cores.
fn signed<'a>(
    base: &str,
    key: &PrivateKey,
    numbers: &[usize],
    activity: impl Fn(usize) -> (&'a str, Value) + Sync,
) -> anyhow::Result<Vec<Vec<u8>>> {
    let inbox = Url::parse(&format!("{base}/inbox"))?;
    let cores = std::thread::available_parallelism()?.get();
    let one = |number: usize| {
        let (actor, activity) = activity(number);
        request(&inbox, key, actor, &activity.to_string())
    };
    std::thread::scope(|scope| {
        let chunks = numbers.chunks(numbers.len().div_ceil(cores).max(1));
        let threads: Vec<_> = chunks
            .map(|chunk| {
                let one = &one;
                scope.spawn(move || {
                    chunk.iter().map(|number| one(*number)).collect::<anyhow::Result<Vec<_>>>()
                })
            })
            .collect();
        let mut all = Vec::with_capacity(numbers.len());
        for thread in threads {
            all.extend(thread.join().ok().context("a thread that signs has ended")??);
        }
        Ok(all)
    })
}

fn request(inbox: &Url, key: &PrivateKey, actor: &str, body: &str) -> anyhow::Result<Vec<u8>> {
    let key_id = KeyId::parse(&format!("{actor}#main-key"))?;
    let mut headers = http::HeaderMap::new();
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/activity+json"));
    let signer = Signer { key_id: &key_id, key, form: Form::Draft, with_query: true };
    signer.sign(&http::Method::POST, inbox, &mut headers, Some(body.as_bytes()), SystemTime::now())?;
    let authority = inbox.authority();
    let mut request =
        format!("POST /inbox HTTP/1.1\r\nhost: {authority}\r\ncontent-length: {}\r\n", body.len())
            .into_bytes();
    for (name, value) in &headers {
        request.extend_from_slice(name.as_str().as_bytes());
        request.extend_from_slice(b": ");
        request.extend_from_slice(value.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body.as_bytes());
    Ok(request)
}
