//! The three ways of reading, and the choice between them.

use remote::{Mode, Position, RemoteConfig};
use serde_json::json;
use testkit::sim::Behaviour;

use crate::world::{LIKE, NOTE, OTHER, World, assert_complete, key, nsid, one, records};

const MODES: [Mode; 4] = [Mode::Auto, Mode::Pages, Mode::Export, Mode::Blocks];

#[tokio::test]
async fn all_modes_read_the_same() {
    let world = World::of_one(&[(NOTE, 1234), (LIKE, 100), (OTHER, 400)]).await;
    let wanted = [NOTE, LIKE, "com.example.nothing"];
    let truth = world.truth(&wanted);
    assert_eq!(truth.len(), 1334);
    let (rev, _) = world.remote.latest(&world.remote.locate(&world.did()).await.unwrap()).await.unwrap();
    for mode in MODES {
        for verified in [false, true] {
            let haul = world.read(&wanted, mode, verified).await.unwrap();
            assert_eq!(haul.records(), truth, "{mode}");
            assert_complete(&haul.parts, &wanted);
            assert_eq!(haul.rejected, 0);
            assert!(haul.parts.iter().all(|part| part.rev == rev && part.did == world.did()));
            if verified || matches!(mode, Mode::Export | Mode::Blocks) {
                assert!(haul.parts.iter().all(|part| part.proven), "{mode}");
                assert_ne!(haul.mode, Mode::Pages);
            }
            if !verified && mode != Mode::Auto {
                assert_eq!(haul.mode, mode);
            }
        }
    }
}

#[tokio::test]
async fn a_later_reader_goes_on_in_whatever_mode() {
    let world = World::of_one(&[(NOTE, 1100), (LIKE, 620)]).await;
    let wanted = [LIKE, NOTE];
    let truth = world.truth(&wanted);
    for first in MODES {
        for second in MODES {
            let (mut parts, mut from, mut mode) = (Vec::new(), None, first);
            // A new reader after every part, in one mode and the other by turns.
            loop {
                let mut reader = world.reader(&wanted, mode, false, from.take()).await;
                let Some((part, position)) = reader.next().await.unwrap() else { break };
                parts.push(part);
                from = Some(position.to_string().parse::<Position>().unwrap());
                mode = if mode == first { second } else { first };
            }
            assert_eq!(records(&parts), truth, "{first}, {second}");
            assert_complete(&parts, &wanted);
        }
    }
}

#[tokio::test]
async fn an_empty_repository_and_no_collections() {
    let world = World::of_one(&[]).await;
    for mode in MODES {
        let haul = world.read(&[NOTE], mode, false).await.unwrap();
        assert_eq!(haul.parts.len(), 1, "{mode}");
        assert_complete(&haul.parts, &[NOTE]);
        assert!(haul.records().is_empty());
        assert!(world.read(&[], mode, false).await.unwrap().parts.is_empty());
    }
}

#[tokio::test]
async fn what_is_written_while_blocks_are_read() {
    let world = World::of_one(&[(NOTE, 2000)]).await;
    let mut reader = world.reader(&[NOTE], Mode::Blocks, true, None).await;
    let (first, _) = reader.next().await.unwrap().unwrap();
    let mut parts = vec![first];
    loop {
        // The host keeps no node and no commit that is not current.
        world.sim.write(
            &world.did(),
            &nsid(NOTE),
            &key("zzzzzzzzzzzz2"),
            json!({"$type": NOTE, "n": parts.len()}),
        );
        let Some((part, _)) = reader.next().await.unwrap() else { break };
        assert!(part.rev >= parts.last().unwrap().rev);
        parts.push(part);
    }
    assert!(parts.last().unwrap().rev > parts[0].rev, "it moved on");
    assert_complete(&parts, &[NOTE]);
    let mut truth = world.truth(&[NOTE]);
    let mut found = records(&parts);
    let written = format!("at://{}/{NOTE}/zzzzzzzzzzzz2", world.did());
    assert!(truth.remove(&written).is_some() && found.remove(&written).is_some());
    assert_eq!(found, truth);
}

#[tokio::test]
async fn a_small_collection_costs_three_requests() {
    let world = World::of_one(&[(NOTE, 42), (OTHER, 3000)]).await;
    let haul = world.read(&[NOTE], Mode::Auto, false).await.unwrap();
    assert_eq!((haul.mode, haul.records().len()), (Mode::Pages, 42));
    // The newest commit, a page, and an empty one: only that is the end.
    assert_eq!(world.sim.requests().at(0), 3);
}

#[tokio::test]
async fn most_of_a_repository_comes_as_a_whole() {
    let world = World::of_one(&[(NOTE, 4000), (OTHER, 200)]).await;
    for verified in [false, true] {
        world.sim.forget_requests();
        let haul = world.read(&[NOTE], Mode::Auto, verified).await.unwrap();
        assert_eq!((haul.mode, haul.records().len()), (Mode::Export, 4000));
        assert!(world.sim.requests().at(0) <= 5, "{:?}", world.sim.requests());
    }
}

#[tokio::test]
async fn a_little_of_a_large_repository_comes_alone() {
    let world = World::of_one(&[(LIKE, 30), (OTHER, 20_000)]).await;
    let haul = world.read(&[LIKE], Mode::Auto, true).await.unwrap();
    assert_eq!((haul.mode, haul.records()), (Mode::Blocks, world.truth(&[LIKE])));
    assert!(world.sim.requests().at(0) < 12, "{:?}", world.sim.requests());
    assert_eq!(world.sim.requests().of("com.atproto.sync.getRepo"), 0);
}

#[tokio::test]
async fn an_export_that_is_too_large() {
    let config = RemoteConfig { max_export_bytes: 60_000, ..RemoteConfig::default() };
    let world = World::with(one(Behaviour::Normal, &[(NOTE, 900)]), config).await;
    let error = world.read(&[NOTE], Mode::Export, true).await.err().unwrap();
    assert_eq!(error.kind(), remote::Kind::TooLarge, "{error}");
    for verified in [false, true] {
        let haul = world.read(&[NOTE], Mode::Auto, verified).await.unwrap();
        assert_eq!(haul.records(), world.truth(&[NOTE]));
        assert_ne!(haul.mode, Mode::Export);
    }
}

#[tokio::test]
async fn more_records_than_are_accepted() {
    let config = RemoteConfig { max_records: 300, ..RemoteConfig::default() };
    let world = World::with(one(Behaviour::Normal, &[(NOTE, 1500)]), config).await;
    for mode in [Mode::Pages, Mode::Export, Mode::Blocks] {
        let error = world.read(&[NOTE], mode, false).await.err().unwrap();
        assert_eq!(error.kind(), remote::Kind::TooLarge, "{error}");
    }
}
