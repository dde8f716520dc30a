//! Archives that are damaged, or change while they are read.

use remote::Kind;
use remote::archive::PlanRequest;
use testkit::archive::{ArchiveFault, ServedArchive, write_segment};

use super::support::{archive, everything, notes, of, seqs};

/// Three segments; the middle one has notes in the second of four blocks only.
async fn server() -> ServedArchive {
    let sparse = write_segment(&[vec![], notes(11..20), vec![], vec![]]);
    ServedArchive::start(vec![write_segment(&[notes(1..10)]), sparse, write_segment(&[notes(30..40)])]).await
}

fn expected() -> Vec<u64> {
    (1..10).chain(11..20).chain(30..40).collect()
}

/// What is read before the fault shows is handed out, the fault is an error for as long as it lasts, and nothing is missing
/// when it is gone.
async fn costs_nothing_but_time(fault: ArchiveFault, kind: Kind, before: &[u64]) {
    let server = server().await;
    let archive = archive(&server);
    let plan = archive.plan(&of(&["com.example.note"])).await.unwrap();
    server.fail(fault);
    let mut reader = archive.read(plan, None);
    let mut read = Vec::new();
    let error = loop {
        match reader.next().await {
            Ok(batch) => read.extend(seqs(&batch.unwrap().0)),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), kind, "{error}");
    assert_eq!(read, before, "{fault:?}");
    assert!(reader.next().await.is_err());
    server.fail(ArchiveFault::None);
    while let Some((events, _)) = reader.next().await.unwrap() {
        read.extend(seqs(&events));
    }
    assert_eq!(read, expected(), "{fault:?}");
}

#[tokio::test]
async fn damaged_blocks() {
    costs_nothing_but_time(ArchiveFault::DamagedBlocks, Kind::Malformed, &[]).await;
}

#[tokio::test]
async fn a_damaged_footer() {
    costs_nothing_but_time(ArchiveFault::DamagedFooter, Kind::Malformed, &[]).await;
}

#[tokio::test]
async fn a_missing_block() {
    let before: Vec<u64> = (1..10).collect();
    costs_nothing_but_time(ArchiveFault::MissingBlock(1), Kind::Malformed, &before).await;
}

#[tokio::test]
async fn a_server_that_serves_everything_instead_of_a_part() {
    costs_nothing_but_time(ArchiveFault::IgnoredRanges, Kind::TooLarge, &[]).await;
}

#[tokio::test]
async fn plans_without_end() {
    let server = server().await;
    let archive = archive(&server);
    for fault in [ArchiveFault::EndlessPlan, ArchiveFault::StuckPlan, ArchiveFault::MovingEnd] {
        server.fail(fault);
        let error = archive.plan(&PlanRequest::default()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Malformed, "{fault:?}: {error}");
        assert!(server.requests().len() <= 1000);
    }
}

#[tokio::test]
async fn a_server_without_archive() {
    let server = server().await;
    let archive = archive(&server);
    assert!(archive.is_offered().await.unwrap());
    server.fail(ArchiveFault::NotOffered);
    assert!(!archive.is_offered().await.unwrap());
    assert_eq!(archive.plan(&PlanRequest::default()).await.unwrap_err().kind(), Kind::Malformed);
    // That it does not answer now says nothing about whether it has one.
    server.fail(ArchiveFault::Unavailable);
    assert_eq!(archive.is_offered().await.unwrap_err().kind(), Kind::Unavailable);
}

#[tokio::test]
async fn an_empty_archive() {
    let server = ServedArchive::start(vec![]).await;
    let archive = archive(&server);
    assert!(archive.is_offered().await.unwrap());
    let plan = archive.plan(&PlanRequest::default()).await.unwrap();
    assert!(plan.is_empty());
    assert!(everything(&archive, plan).await.is_empty());
}

/// Compaction removes every second event while the segment is downloaded: what is read is one or the other of each block.
#[tokio::test]
async fn a_segment_that_is_compacted_meanwhile() {
    let blocks = |compacted: bool| -> Vec<Vec<_>> {
        let kept = |event: &testkit::archive::ArchivedEvent| !compacted || event.seq % 2 == 1;
        [1..100, 101..200].map(|seqs| notes(seqs).into_iter().filter(kept).collect()).into()
    };
    for requests in 0..=4 {
        let server = ServedArchive::start(vec![write_segment(&blocks(false))]).await;
        let archive = archive(&server);
        let plan = archive.plan(&PlanRequest::default()).await.unwrap();
        server.replace_after(requests, vec![write_segment(&blocks(true))]);
        let read = seqs(&everything(&archive, plan).await);
        let odd: Vec<u64> = (1..100).chain(101..200).filter(|seq| seq % 2 == 1).collect();
        let all: Vec<u64> = (1..100).chain(101..200).collect();
        assert_eq!(read, if requests < 3 { odd } else { all }, "after {requests}");
    }
}
