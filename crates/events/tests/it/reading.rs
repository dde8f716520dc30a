//! Filters and pages.

use events::{Event, Filter, Kind, Position, Query, Severity, kinds};

use crate::support::{insert_at, log_of, on_each_engine, subjects};

fn event(kind: Kind, subject: &str) -> Event {
    Event::new(kind).subject(subject)
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_find_what_they_say_and_nothing_else() {
    on_each_engine(async |store| {
        let log = log_of(
            &store,
            [
                event(kinds::SCRIPT_CREATED, "a"),
                event(kinds::SCRIPT_VARIABLE_UPSERTED, "100%_Sure"),
                event(kinds::SCRIPT_ERROR, r"back\slash"),
                event(kinds::RECORD_CID_MISMATCH, "at://did:plc:abc/x.y.z/1"),
                Event::new(kinds::SETUP_COMPLETED),
            ],
        )
        .await;
        let category = |names: &[&str]| Filter {
            categories: names.iter().map(ToString::to_string).collect(),
            ..Filter::default()
        };
        let subject = |text: &str| Filter { subject: Some(text.to_owned()), ..Filter::default() };
        let severities =
            |severities: &[Severity]| Filter { severities: severities.to_vec(), ..Filter::default() };
        let of_type = |name: &str| Filter { event_type: Some(name.to_owned()), ..Filter::default() };
        let cases: Vec<(Filter, &[&str])> = vec![
            (category(&["script"]), &[r"back\slash", "a"]),
            (category(&["script", "script_variable"]), &[r"back\slash", "100%_Sure", "a"]),
            // On both engines.
            (category(&["SCRIPT"]), &[r"back\slash", "a"]),
            (category(&["script_"]), &[]),
            (category(&["scrip%"]), &[]),
            (category(&[""]), &[]),
            (of_type("script.created"), &["a"]),
            (of_type("script.%"), &[]),
            (of_type("script"), &[]),
            (severities(&[Severity::Warn]), &["at://did:plc:abc/x.y.z/1"]),
            (severities(&[Severity::Error, Severity::Warn]), &["at://did:plc:abc/x.y.z/1", r"back\slash"]),
            (subject("did:plc:ABC"), &["at://did:plc:abc/x.y.z/1"]),
            (subject("%_"), &["100%_Sure"]),
            (subject(r"\"), &[r"back\slash"]),
            (subject("_"), &["100%_Sure"]),
            (subject("'; DROP TABLE event_logs; --"), &[]),
            (subject("a\0"), &[r"back\slash", "a", "at://did:plc:abc/x.y.z/1"]),
            (Filter { severities: vec![Severity::Info], ..category(&["script"]) }, &["a"]),
        ];
        for (filter, expected) in cases {
            let mut found = subjects(&log, filter.clone()).await;
            let mut expected: Vec<_> = expected.iter().map(ToString::to_string).collect();
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{filter:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_cover_everything_once_while_events_are_added() {
    on_each_engine(async |store| {
        let log = log_of(&store, (0..7).map(|n| event(kinds::SCRIPT_LOG, &n.to_string()))).await;
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = log.query(Query { limit: 3, after, ..Query::default() }).await.unwrap();
            found.extend(page.events.into_iter().filter_map(|event| event.subject));
            log_of(&store, [event(kinds::SCRIPT_LOG, "new")]).await;
            let Some(next) = page.next else { break };
            after = Some(next.to_string().parse().unwrap());
        }
        assert_eq!(found, ["6", "5", "4", "3", "2", "1", "0"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_the_same_moment_are_on_one_page_each_and_a_time_alone_skips_them_all() {
    on_each_engine(async |store| {
        let at = 1_725_911_162_329_308;
        for (id, created_at) in [("a", at - 1), ("b", at), ("c", at), ("d", at), ("e", at + 1)] {
            insert_at(&store, id, created_at).await;
        }
        let log = log_of(&store, []).await;
        let ids = async |limit, after: Option<Position>| {
            let page = log.query(Query { limit, after, ..Query::default() }).await.unwrap();
            (page.events.into_iter().map(|event| event.id).collect::<Vec<_>>(), page.next)
        };
        let (first, next) = ids(3, None).await;
        assert_eq!(first, ["e", "d", "c"]);
        assert_eq!(next.as_ref().unwrap().to_string(), "2024-09-09T19:46:02.329308Z|c");
        assert_eq!(ids(3, next).await, (vec!["b".to_owned(), "a".to_owned()], None));
        let time = "2024-09-09T19:46:02.329308Z".parse().unwrap();
        assert_eq!(ids(3, Some(time)).await, (vec!["a".to_owned()], None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_between_one_and_a_thousand_events() {
    on_each_engine(async |store| {
        let log = log_of(&store, (0..1002).map(|n| event(kinds::SCRIPT_LOG, &n.to_string()))).await;
        for (limit, expected) in [(0, 1), (1, 1), (1000, 1000), (u32::MAX, 1000)] {
            let page = log.query(Query { limit, ..Query::default() }).await.unwrap();
            assert_eq!((page.events.len(), page.next.is_some()), (expected, true));
        }
    })
    .await;
}
