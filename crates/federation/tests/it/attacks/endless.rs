//! Answers and lists that do not end.

use std::time::Duration;

use activitypub::media_type;
use futures::stream;
use serde_json::json;

use super::Scene;
use crate::stranger::Stranger;

#[tokio::test(flavor = "multi_thread")]
async fn threads_do_not_lead_on_for_ever() {
    let scene = Scene::set().await;
    let stranger = &scene.stranger;
    for n in 0..40 {
        let mut note = scene.note("mallory", &n.to_string());
        note["inReplyTo"] = json!(format!("{}/notes/{}", stranger.base, n + 1));
        stranger.show(&format!("/notes/{n}"), 200, media_type::ACTIVITY, &note.to_string());
    }
    let first = format!("{}/notes/0", stranger.base);
    scene.site.social.elsewhere().unwrap().thought(&first).await.unwrap();
    let kept = "SELECT count(*) FROM social_thoughts WHERE local = 0";
    scene.site.until_count(kept, 11).await;
    // Two that answer each other, and one that answers itself.
    for (id, parent) in [("a", "b"), ("b", "a"), ("c", "c")] {
        let mut note = scene.note("mallory", id);
        note["inReplyTo"] = json!(format!("{}/notes/{parent}", stranger.base));
        stranger.show(&format!("/notes/{id}"), 200, media_type::ACTIVITY, &note.to_string());
    }
    for id in ["a", "c"] {
        let address = format!("{}/notes/{id}", stranger.base);
        scene.site.social.elsewhere().unwrap().thought(&address).await.unwrap();
    }
    scene.site.until_count(kept, 14).await;
    assert!(stranger.asked().len() < 80, "{:?}", stranger.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_read_so_far_and_no_further() {
    let scene = Scene::set().await;
    let stranger = &scene.stranger;
    let mut person = stranger.person("mallory");
    for (property, list) in [("outbox", "notes"), ("followers", "nothing"), ("following", "people")] {
        person[property] = json!(format!("{}/endless/{list}/0", stranger.base));
    }
    stranger.show("/users/mallory", 200, media_type::ACTIVITY, &person.to_string());
    let mallory = scene.site.find(&stranger.actor("mallory")).await;
    scene.site.social.elsewhere().unwrap().looked_at(mallory.id);
    // What is read last is here: then everything before it has ended.
    scene.site.until_count("SELECT count(*) FROM social_connections", 500).await;
    let pages = |list: &str| {
        let path = format!("/endless/{list}/");
        stranger.asked().iter().filter(|asked| asked.starts_with(&path)).count()
    };
    assert_eq!((pages("notes"), pages("nothing"), pages("people")), (5, 51, 25));
    assert_eq!(scene.site.count("SELECT count(*) FROM social_thoughts WHERE local = 0").await, 100);
}

/// What is at paths of a server that answers badly, and how it may end.
async fn tarpit() -> String {
    use axum::Router;
    use axum::body::{Body, Bytes};
    use axum::response::IntoResponse;
    use axum::routing::get;
    use std::convert::Infallible;
    let typed = || [("content-type", media_type::ACTIVITY)];
    let drip = move || async move {
        let drops = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
        });
        (typed(), Body::from_stream(drops)).into_response()
    };
    let endless = move || async move {
        let chunks = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from(vec![b' '; 1 << 16])));
        (typed(), Body::from_stream(chunks)).into_response()
    };
    let announced = |length: &'static str| {
        move || async move {
            let headers = [("content-type", media_type::ACTIVITY), ("content-length", length)];
            let body = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{}"))]);
            (headers, Body::from_stream(body)).into_response()
        }
    };
    let bomb = move || async move {
        // Ten megabytes of spaces, in ten kilobytes.
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut packed, &vec![b' '; 10 << 20]).unwrap();
        let headers = [("content-type", media_type::ACTIVITY), ("content-encoding", "gzip")];
        (headers, packed.finish().unwrap()).into_response()
    };
    let silent = || async { std::future::pending::<&str>().await };
    let router = Router::new()
        .route("/users/drip", get(drip))
        .route("/users/endless", get(endless))
        .route("/users/short", get(announced("100")))
        .route("/users/long", get(announced("1000000000000")))
        .route("/users/bomb", get(bomb))
        .route("/users/silent", get(silent));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_have_a_size_and_a_time() {
    let scene = Scene::set().await;
    let before = scene.rows().await;
    let (base, inbox) = (tarpit().await, scene.inbox());
    let liar: Stranger = scene.stranger.called(&base);
    let start = std::time::Instant::now();
    let asked = ["drip", "endless", "short", "long", "bomb", "silent"].map(|name| {
        let like = json!({ "id": format!("{base}/{name}"), "type": "Like", "actor": liar.actor(name), "object": scene.own.1 });
        let (liar, inbox, social) = (&liar, &inbox, &scene.site.social);
        async move {
            let (sent, found) = futures::join!(liar.send(inbox, name, &like), async {
                social.elsewhere().unwrap().person(&liar.actor(name)).await
            });
            (name, sent, found.is_ok())
        }
    });
    // And somebody who does not come to an end when they send.
    let slow = {
        let drops = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Some((Ok::<_, std::io::Error>(" "), ()))
        });
        let body = reqwest::Body::wrap_stream(drops);
        let request = scene.site.http.post(&inbox).header("content-type", media_type::ACTIVITY).body(body);
        async move { request.send().await.map(|answer| answer.status().as_u16()) }
    };
    let (asked, slow) = futures::join!(futures::future::join_all(asked), slow);
    for (name, sent, found) in asked {
        assert_eq!((sent, found), (401, false), "{name}");
    }
    assert!(slow.as_ref().is_ok_and(|status| *status == 408) || slow.is_err(), "{slow:?}");
    assert!(start.elapsed() < Duration::from_secs(25), "{:?}", start.elapsed());
    scene.same(&before, "what has no end").await;
}
