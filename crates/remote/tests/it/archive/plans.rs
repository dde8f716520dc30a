//! Plans of many pages.

use remote::archive::PlanRequest;
use testkit::archive::{ServedArchive, write_segment};

use super::support::{archive, everything, notes, of, seqs};

#[tokio::test]
async fn pages_may_end_anywhere() {
    // Whole segments, and segments of which every second block is wanted.
    let segments = (0..6_u64).map(|number| {
        let first = 1000 * number + 1;
        let dense = write_segment(&[notes(first..first + 5), notes(first + 5..first + 9)]);
        let sparse =
            write_segment(&[notes(first..first + 5), vec![], notes(first + 8..first + 9), vec![], vec![]]);
        if number % 2 == 0 { dense } else { sparse }
    });
    let server = ServedArchive::start(segments.collect()).await;
    let archive = archive(&server);
    let whole = archive.plan(&of(&["com.example.note"])).await.unwrap();
    let expected = seqs(&everything(&archive, whole).await);
    assert_eq!(expected.len(), 3 * 9 + 3 * 6);
    for entries in 1..10 {
        server.page(entries);
        let _ = server.requests();
        let plan = archive.plan(&of(&["com.example.note"])).await.unwrap();
        let asked = server.requests().len();
        assert!(asked >= 9_usize.div_ceil(entries), "{asked} pages of {entries}");
        assert_eq!(plan.segments(), 6);
        assert_eq!(seqs(&everything(&archive, plan).await), expected, "pages of {entries}");
    }
}

#[tokio::test]
async fn what_the_archive_gains_meanwhile_is_not_part_of_it() {
    let segment = |seqs| write_segment(&[notes(seqs)]);
    let server = ServedArchive::start(vec![segment(1..5), segment(5..9)]).await;
    server.page(1);
    server.replace_after(1, vec![segment(1..5), segment(5..9), segment(9..20)]);
    let archive = archive(&server);
    let plan = archive.plan(&PlanRequest::default()).await.unwrap();
    assert_eq!((plan.end(), plan.segments()), (8, 2));
    assert_eq!(seqs(&everything(&archive, plan).await), (1..9).collect::<Vec<_>>());
}

/// More filters than a server takes: everything is planned, and what is not wanted left out.
#[tokio::test]
async fn more_collections_than_a_server_takes() {
    let server = ServedArchive::start(vec![write_segment(&[notes(1..5)])]).await;
    let archive = archive(&server);
    let names: Vec<String> = (0..101).map(|number| format!("com.example.n{number}")).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    let plan = archive.plan(&of(&names)).await.unwrap();
    assert_eq!((plan.segments(), everything(&archive, plan).await.len()), (1, 0));
    names.push("com.example.note");
    let plan = archive.plan(&of(&names)).await.unwrap();
    assert_eq!(everything(&archive, plan).await.len(), 4);
}

#[tokio::test]
async fn a_long_stretch_of_nothing_can_be_left_in_the_middle() {
    let blocks: Vec<_> = (1..151).map(|seq| notes(seq..seq + 1)).collect();
    let server = ServedArchive::start(vec![write_segment(&blocks)]).await;
    let archive = archive(&server);
    let names: Vec<String> = (0..101).map(|number| format!("com.example.n{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let plan = archive.plan(&of(&names)).await.unwrap();
    let mut reader = archive.read(plan, None);
    let mut positions = Vec::new();
    while let Some((events, position)) = reader.next().await.unwrap() {
        assert!(events.is_empty());
        positions.push(position.seq());
    }
    assert_eq!(positions, [64, 128, 150]);
}
