//! Hosts that lie.

use remote::{Kind, Mode, RemoteConfig};
use testkit::sim::{AccountPlan, Behaviour, HostPlan, Lie, Plan};

use crate::world::{NOTE, OTHER, World, assert_complete, nsid, one};

const RECORDS: [(&str, u32); 2] = [(NOTE, 350), (OTHER, 50)];

/// What reading shows.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// Everything, and it is true.
    True,
    /// What the author has not written, and nobody can know.
    Fooled,
    /// Everything but the records that are not what they are called.
    Without(u64),
    Untrusted,
    TooLarge,
}

async fn read(lie: Lie, mode: Mode, verified: bool) -> Outcome {
    let plan = match lie {
        Lie::OtherDid => {
            let account = AccountPlan { records: vec![(nsid(NOTE), 350)], ..AccountPlan::default() };
            let host = HostPlan::new(Behaviour::Lying(lie), vec![account.clone(), account]);
            Plan { seed: 4, hosts: vec![host], ..Plan::default() }
        }
        lie => one(Behaviour::Lying(lie), &RECORDS),
    };
    let config = RemoteConfig { max_records: 5000, max_export_bytes: 4 << 20, ..RemoteConfig::default() };
    let world = World::with(plan, config).await;
    match world.read(&[NOTE], mode, verified).await {
        Ok(haul) => {
            // What was read before a lie came out is read again.
            if mode != Mode::Auto {
                assert_complete(&haul.parts, &[NOTE]);
            }
            let (found, mut truth) = (haul.records(), world.truth(&[NOTE]));
            if haul.rejected > 0 {
                truth.retain(|uri, _| found.contains_key(uri));
                assert_eq!(found, truth);
                Outcome::Without(haul.rejected)
            } else if found == truth {
                Outcome::True
            } else {
                Outcome::Fooled
            }
        }
        Err(error) => match error.kind() {
            Kind::Untrusted(_) => Outcome::Untrusted,
            Kind::TooLarge => Outcome::TooLarge,
            other => panic!("{lie:?} in mode {mode}: {other:?}, {error}"),
        },
    }
}

#[tokio::test]
async fn what_each_mode_believes() {
    use Outcome::{TooLarge, True, Untrusted, Without};
    for (lie, [pages, export, blocks]) in [
        (Lie::BadSignature, [Untrusted, Untrusted, Untrusted]),
        (Lie::WrongContent, [Without(1), Untrusted, Untrusted]),
        (Lie::MissingNode, [True, Untrusted, Untrusted]),
        (Lie::OtherDid, [Untrusted, Untrusted, Untrusted]),
        (Lie::EndlessPages, [Untrusted, True, True]),
        (Lie::InventedPages, [Untrusted, True, True]),
        (Lie::UnorderedPages, [Untrusted, True, True]),
        (Lie::TruncatedCar, [True, Untrusted, True]),
        (Lie::EndlessCar, [True, TooLarge, True]),
        (Lie::Forged, [Untrusted, Untrusted, Untrusted]),
        (Lie::Rollback, [True, True, True]),
        (Lie::FutureRevision, [Untrusted, Untrusted, Untrusted]),
    ] {
        assert_eq!(read(lie, Mode::Pages, false).await, pages, "{lie:?} in pages");
        assert_eq!(read(lie, Mode::Export, true).await, export, "{lie:?} in an export");
        assert_eq!(read(lie, Mode::Blocks, true).await, blocks, "{lie:?} in blocks");
    }
}

#[tokio::test]
async fn the_choice_of_a_way_is_no_way_around_the_signature() {
    use Outcome::{True, Untrusted};
    for (lie, any, proven) in [
        // The listing is long enough for a look at the tree.
        (Lie::BadSignature, Untrusted, Untrusted),
        (Lie::Forged, Untrusted, Untrusted),
        (Lie::MissingNode, True, Untrusted),
        (Lie::OtherDid, Untrusted, Untrusted),
        (Lie::EndlessPages, True, True),
        (Lie::InventedPages, True, True),
        (Lie::UnorderedPages, True, True),
        (Lie::TruncatedCar, True, True),
        (Lie::EndlessCar, True, True),
        (Lie::FutureRevision, Untrusted, Untrusted),
    ] {
        assert_eq!(read(lie, Mode::Auto, false).await, any, "{lie:?}");
        assert_eq!(read(lie, Mode::Auto, true).await, proven, "{lie:?}, only what is proven");
    }
}
