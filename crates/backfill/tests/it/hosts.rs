//! Every kind of host.

use std::time::Duration;

use backfill::{Cause, Phase};
use records::CoverageState;
use remote::Mode;
use testkit::sim::{Behaviour, Lie, Plan, RateLimit, Standing};
use tokio::time::Instant;

use crate::rig::{host, hosts, note, on_each_network};

#[tokio::test(flavor = "multi_thread")]
async fn history_arrives_whichever_way_it_is_read() {
    on_each_network(Plan::normal(3, 4, 5, &[note()], 130), |rig| async move {
        let one = rig.start();
        for (mode, verified) in
            [(Mode::Auto, false), (Mode::Pages, false), (Mode::Export, true), (Mode::Blocks, true)]
        {
            let job = one.job(Cause::Manual, mode, verified).await;
            let job = one.ended(&rig, &job.id).await;
            assert_eq!((job.total_repos, job.total_records, job.failed_repos), (20, 20 * 130, 0));
            rig.is_equal().await;
        }
        assert_eq!(rig.count("SELECT count(*) FROM coverage WHERE state = 2 AND proven = 1").await, 20);
        one.stop().await;
    })
    .await;
}

/// More hosts than places: none waits for another that waits for it.
#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_hosts_share_ten_places() {
    on_each_network(Plan::normal(4, 200, 2, &[note()], 3), |rig| async move {
        let one = rig.start();
        let job = one.everything().await;
        assert_eq!(one.ended(&rig, &job.id).await.total_records, 200 * 2 * 3);
        rig.is_equal().await;
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_that_are_dead_or_silent_delay_nobody_and_are_listed() {
    let mut plan = vec![host(Behaviour::Dead, 3, 4), host(Behaviour::Silent, 3, 4)];
    plan.extend((0..30).map(|_| host(Behaviour::Normal, 2, 4)));
    on_each_network(hosts(plan), |rig| async move {
        let one = rig.start();
        let began = Instant::now();
        let job = one.everything().await;
        one.until(&job.id, "the others are done", |job| job.processed_repos == 60).await;
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        // A silent host costs a time-out for each try, so the end of the job is not waited for.
        assert_eq!(rig.here(&[note()]).await.len(), 60 * 4);
        one.crash();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_fetched_or_believed_is_listed_and_the_rest_is_here() {
    let plan = hosts(vec![
        host(Behaviour::Normal, 4, 30),
        host(Behaviour::Dead, 3, 5),
        host(Behaviour::Flaky(0.3), 4, 120),
        host(Behaviour::Lying(Lie::BadSignature), 2, 5),
        host(Behaviour::Latency(Duration::from_millis(30)), 3, 10),
    ]);
    on_each_network(plan, |rig| async move {
        let one = rig.start();
        let job = one.job(Cause::Manual, Mode::Auto, true).await;
        let job = one.ended(&rig, &job.id).await;
        assert_eq!((job.total_repos, job.failed_repos), (16, 5));
        let errors = one.backfills.errors(&job.id, None, 100).await.unwrap();
        assert_eq!(errors.len(), 5);
        assert_eq!(errors.iter().filter(|repo| repo.quarantined).count(), 2);
        assert!(errors.iter().all(|repo| !repo.reason.is_empty() && repo.pds_endpoint.is_some()));
        rig.is_equal().await;
        let hosts = one.backfills.hosts(&job.id).await.unwrap();
        assert_eq!(hosts.iter().map(|host| host.total_repos).sum::<i64>(), 16);
        one.stop().await;
    })
    .await;
}

/// What fails is the repository, not the host: its other accounts are neither skipped nor waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_its_host_fails_at_is_listed_and_all_others_of_that_host_are_here() {
    let plan = hosts(vec![host(Behaviour::Normal, 12, 30), host(Behaviour::Normal, 2, 30)]);
    on_each_network(plan, |rig| async move {
        let broken = rig.sim.accounts().remove(5);
        rig.sim.set_broken(&broken, true);
        let one = rig.start();
        let mut last = String::new();
        for (mode, verified) in [(Mode::Pages, false), (Mode::Export, true), (Mode::Blocks, true)] {
            let job = one.job(Cause::Manual, mode, verified).await;
            let job = one.ended(&rig, &job.id).await;
            let figures = (job.total_repos, job.processed_repos, job.failed_repos, job.total_records);
            assert_eq!(figures, (14, 13, 1, 13 * 30), "{mode:?}");
            let errors = one.backfills.errors(&job.id, None, 100).await.unwrap();
            assert_eq!(errors.iter().map(|repo| &repo.did).collect::<Vec<_>>(), [&broken]);
            let host = rig.sim.host(0).origin().ascii_serialization();
            assert_eq!((errors[0].pds_endpoint.as_ref(), errors[0].quarantined), (Some(&host), false));
            assert!(errors[0].reason.contains("500"), "{errors:?}");
            let of_host = one.backfills.hosts(&job.id).await.unwrap().remove(0);
            assert_eq!((of_host.total_repos, of_host.completed_repos), (12, 11), "what failed is not done");
            let repos = one.backfills.repos(&job.id, Phase::Fetched, None, 100).await.unwrap();
            assert!(repos.iter().all(|repo| (repo.status == "failed") == (repo.did == broken)), "{repos:?}");
            rig.is_equal().await;
            last = job.id;
        }
        assert_eq!(rig.records.missing_counts().await.unwrap(), [(CoverageState::Retrying, 1)]);
        rig.sim.set_broken(&broken, false);
        assert_eq!(one.backfills.retry_failed(&last).await.unwrap(), 1);
        one.until(&last, "it is fetched", |job| job.status.is_final() && job.failed_repos == 0).await;
        rig.is_equal().await;
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_asks_for_pauses_gets_them() {
    let limit = RateLimit { requests: 10, window: Duration::from_millis(300), retry_after: None };
    on_each_network(hosts(vec![host(Behaviour::RateLimited(limit), 8, 20)]), |rig| async move {
        let one = rig.start();
        let job = one.everything().await;
        assert_eq!(one.ended(&rig, &job.id).await.failed_repos, 0);
        rig.is_equal().await;
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_are_not_served_are_done_with_a_reason() {
    let mut plan = hosts(vec![host(Behaviour::Normal, 8, 5)]);
    let standings = [
        Standing::Deactivated,
        Standing::TakenDown,
        Standing::Suspended,
        Standing::Deleted,
        Standing::Tombstoned,
        Standing::NeverRegistered,
        Standing::Homeless,
    ];
    for (account, standing) in plan.hosts[0].accounts.iter_mut().zip(standings) {
        *account = account.clone().with(standing);
    }
    on_each_network(plan, |rig| async move {
        let one = rig.start();
        let job = one.everything().await;
        let job = one.ended(&rig, &job.id).await;
        assert_eq!((job.processed_repos, job.failed_repos, job.total_records), (8, 0, 5));
        rig.is_equal().await;
        one.stop().await;
    })
    .await;
}
