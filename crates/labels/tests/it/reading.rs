//! What readers are given.

use atproto::Cid;
use labels::AcceptLabelers;
use records::Record;

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
        let own = r#"{"text":"hi","labels":{"values":[{"val":"nudity"}]}}"#;
        let records = [version("1", None, own), version("2", None, "{}")];
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

#[tokio::test(flavor = "multi_thread")]
async fn a_word_about_one_version_is_said_of_no_other() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let running = rig.start();
        let say = |val: &str| say(labeler.did.as_str(), &note("1"), val);
        let [one, two] = ["one", "two"].map(|text| Cid::dag_cbor_sha256(text.as_bytes()).to_string());
        let words = [say("any"), say("first").of_version(&one), say("second").of_version(&two)];
        let seq = labeler.say(&words);
        rig.committed(&labeler, seq).await;
        let of = async |cid: Option<&str>| -> Vec<String> {
            let labels = rig.labels.of_records(&[version("1", cid, "{}")], &AcceptLabelers::All).await;
            labels.unwrap().remove(0).into_iter().map(|label| label.val).collect()
        };
        assert_eq!(of(Some(&one)).await, ["any", "first"]);
        assert_eq!(of(Some(&two)).await, ["any", "second"]);
        assert_eq!(of(None).await, ["any"], "it is made here, and no version of the author's");

        // The labeler has looked at the newer version, too.
        let seq = labeler.say(&[say("first").of_version(&two).at(1)]);
        rig.committed(&labeler, seq).await;
        assert_eq!(of(Some(&one)).await, ["any"]);
        assert_eq!(of(Some(&two)).await, ["any", "first", "second"]);
        let seq = labeler.say(&[say("first").negated().at(2)]);
        rig.committed(&labeler, seq).await;
        assert_eq!(of(Some(&two)).await, ["any", "second"], "taken back, whichever version it was about");
        running.stop().await;
    })
    .await;
}

fn version(rkey: &str, cid: Option<&str>, json: &str) -> Record {
    let (uri, json) = (note(rkey), json.to_owned());
    Record { uri, cid: cid.map(str::to_owned), json, indexed_at: 0, created_at: 0 }
}
