//! What readers are given.

use labels::AcceptLabelers;

use crate::rig::{ALICE, note, on_each_engine};
use testkit::labeler::say;

#[tokio::test(flavor = "multi_thread")]
async fn readers_choose_whom_they_hear() {
    on_each_engine(|rig| async move {
        let [one, two] = [rig.labeler("one").await, rig.labeler("two").await];
        let running = rig.start();
        for labeler in [&one, &two] {
            let did = labeler.did.as_str();
            let seq = labeler.say(&[say(did, &note("1"), "spam"), say(did, &note("2"), "rude")]);
            rig.committed(labeler, seq).await;
        }
        running.stop().await;
        let uris = || [note("1"), note("2"), note("3"), note("1")];
        let all = rig.labels.of(uris(), &AcceptLabelers::All).await.unwrap();
        assert_eq!(all.len(), 3, "every one that was asked for, once");
        assert_eq!((all[&note("1")].len(), all[&note("3")].len()), (2, 0));
        let accepted = AcceptLabelers::parse(two.did.as_str()).unwrap();
        let theirs = rig.labels.of(uris(), &accepted).await.unwrap();
        assert_eq!(theirs[&note("1")].len(), 1);
        assert_eq!(theirs[&note("1")][0].src, two.did.as_str());
        let none = rig.labels.of(uris(), &AcceptLabelers::parse("").unwrap()).await.unwrap();
        assert!(none.values().all(Vec::is_empty));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn authors_are_heard_whoever_else_is() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let running = rig.start();
        let seq = labeler.say(&[say(labeler.did.as_str(), &note("1"), "spam")]);
        rig.committed(&labeler, seq).await;
        running.stop().await;
        let record = r#"{"text":"hi","labels":{"values":[{"val":"nudity"}]}}"#;
        let records = [(&*note("1"), record), (&*note("2"), "{}")];
        let values = |labels: Vec<Vec<labels::Label>>| -> Vec<Vec<(String, String)>> {
            let of_one = |labels: Vec<labels::Label>| labels.into_iter().map(|l| (l.src, l.val)).collect();
            labels.into_iter().map(of_one).collect()
        };
        let own = (ALICE.to_owned(), "nudity".to_owned());
        let said = (labeler.did.to_string(), "spam".to_owned());
        let all = rig.labels.of_records(&records, &AcceptLabelers::All).await.unwrap();
        assert_eq!(values(all), [vec![said, own.clone()], vec![]]);
        let none = AcceptLabelers::parse("").unwrap();
        let few = rig.labels.of_records(&records, &none).await.unwrap();
        assert_eq!(values(few), [vec![own], vec![]]);
    })
    .await;
}
