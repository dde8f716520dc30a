//! Entries and keys over the admin API.

use serde_json::{Value, json};

use super::{Site, answers};
use crate::support::on_each_engine;

const ENTRIES: &str = "/admin/service-entries";
const METHODS: &str = "/admin/verification-methods";

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_lives_and_dies() {
    on_each_engine(async |store| {
        let site = Site::start(&store).await;
        let admin = &site.admin;
        assert_eq!(admin.get(ENTRIES).await.expect(200), json!([]));
        let new = json!({ "fragment_id": "#demo", "service_type": "DemoService" });
        let entry = admin.post(ENTRIES, &new).await.expect(201);
        let id = entry["id"].as_i64().unwrap();
        let expected = json!({
            "id": id, "fragment_id": "#demo", "service_type": "DemoService", "access_mode": "all",
            "created_at": entry["created_at"], "updated_at": entry["created_at"],
        });
        assert_eq!(entry, expected);
        assert!(entry["created_at"].as_str().unwrap().ends_with('Z'));
        assert_eq!(admin.get(ENTRIES).await.expect(200), json!([entry]));

        let path = format!("{ENTRIES}/{id}");
        let change = json!({ "fragment_id": "#other", "access_mode": "specific" });
        answers(204, &admin.put(&path, &change).await);
        let changed = admin.get(ENTRIES).await.expect(200)[0].take();
        assert_eq!(
            [&changed["fragment_id"], &changed["service_type"], &changed["access_mode"]],
            ["#other", "DemoService", "specific"]
        );
        answers(204, &admin.delete(&path).await);
        assert_eq!(admin.get(ENTRIES).await.expect(200), json!([]));
        answers(404, &admin.delete(&path).await);
        answers(404, &admin.put(&path, &json!({ "access_mode": "all" })).await);

        let told: Vec<_> =
            site.log.told().await.into_iter().map(|(kind, _, subject, _)| (kind, subject)).collect();
        let told: Vec<_> = told.iter().map(|(kind, subject)| (kind.as_str(), subject.as_str())).collect();
        let expected = [
            ("service_entry.created", "#demo"),
            ("service_entry.updated", "#other"),
            ("service_entry.deleted", "#other"),
        ];
        assert_eq!(told[told.len() - 3..], expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_document_can_list_is_refused() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        for (fragment, kind, status) in [
            ("demo2", "T", 400),
            ("#", "T", 400),
            ("#a b", "T", 400),
            ("#atproto_pds", "AtprotoPersonalDataServer", 400),
            ("#x", "", 400),
            ("#x", "two words", 400),
            ("#x", &"T".repeat(257), 400),
            ("#demo", "T", 409),
        ] {
            let entry = json!({ "fragment_id": fragment, "service_type": kind });
            assert_eq!(site.admin.post(ENTRIES, &entry).await.status, status, "{fragment} {kind}");
        }
        answers(201, &site.admin.post(ENTRIES, &json!({ "fragment_id": "#x", "service_type": "T" })).await);
        let one = format!("{ENTRIES}/1");
        for mode in ["allowlist", "disabled", "", "All"] {
            answers(400, &site.admin.put(&one, &json!({ "access_mode": mode })).await);
        }
        answers(409, &site.admin.put(&one, &json!({ "fragment_id": "#x" })).await);
        answers(400, &site.admin.put(&one, &json!({ "fragment_id": "x" })).await);
        answers(400, &site.admin.put(&one, &json!({ "service_type": "" })).await);
        answers(422, &site.admin.post(ENTRIES, &json!({ "fragment_id": "#y" })).await);
        let entries = site.admin.get(ENTRIES).await.expect(200);
        let names: Vec<_> = entries.as_array().unwrap().iter().map(|entry| &entry["fragment_id"]).collect();
        assert_eq!(names, ["#demo", "#x"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_methods_is_a_set() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let path = format!("{ENTRIES}/1/xrpcs");
        let ids = |ids: &[&str]| json!({ "lexicon_ids": ids });
        answers(204, &site.admin.post(&path, &ids(&["b.example.two", "a.example.one"])).await);
        answers(204, &site.admin.post(&path, &ids(&["a.example.one", "a.example.one"])).await);
        assert_eq!(site.admin.get(&path).await.expect(200), json!(["a.example.one", "b.example.two"]));
        // One bad name, and nothing changes.
        answers(400, &site.admin.post(&path, &ids(&["c.example.three", "no"])).await);
        let delete = |ids: Value| site.admin.request(reqwest::Method::DELETE, &path).json(&ids);
        answers(204, &site.admin.send(delete(ids(&["a.example.one", "x.example.absent"]))).await);
        assert_eq!(site.admin.get(&path).await.expect(200), json!(["b.example.two"]));
        answers(422, &site.admin.send(delete(json!({}))).await);
        for missing in [format!("{ENTRIES}/77/xrpcs"), format!("{ENTRIES}/77/xrpcs")] {
            answers(404, &site.admin.get(&missing).await);
            answers(404, &site.admin.post(&missing, &ids(&["a.example.one"])).await);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_entries_of_a_method_are_those_that_admit_it() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let new = json!({ "fragment_id": "#narrow", "service_type": "T" });
        let narrow = site.admin.post(ENTRIES, &new).await.expect(201)["id"].as_i64().unwrap();
        let path = format!("{ENTRIES}/{narrow}");
        answers(204, &site.admin.put(&path, &json!({ "access_mode": "specific" })).await);
        let listed = json!({ "lexicon_ids": ["a.example.one"] });
        answers(204, &site.admin.post(&format!("{path}/xrpcs"), &listed).await);
        for (nsid, expected) in
            [("a.example.one", vec!["#demo", "#narrow"]), ("a.example.two", vec!["#demo"])]
        {
            let entries = site.admin.get(&format!("/admin/lexicons/{nsid}/services")).await.expect(200);
            let names: Vec<_> =
                entries.as_array().unwrap().iter().map(|entry| &entry["fragment_id"]).collect();
            assert_eq!(names, expected, "{nsid}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_lives_and_dies_and_its_private_half_is_sealed() {
    on_each_engine(async |store| {
        let site = Site::start(&store).await;
        let admin = &site.admin;
        assert_eq!(admin.get(METHODS).await.expect(200), json!([]));
        let key = admin.post(METHODS, &json!({ "fragment_id": "#label_1" })).await.expect(201);
        let expected = json!({
            "id": key["id"], "fragment_id": "#label_1", "key_type": "Multikey",
            "public_key_multibase": key["public_key_multibase"], "created_at": key["created_at"],
        });
        assert_eq!(key, expected);
        assert!(key["public_key_multibase"].as_str().unwrap().starts_with("zDn"), "P-256");
        assert_eq!(admin.get(METHODS).await.expect(200), json!([key]));
        let sealed = store.state.read(|conn| {
            conn.query_one("SELECT private_key_enc FROM verification_methods", &[], |row| {
                Ok::<_, store::Error>(row.blob(0)?.to_vec())
            })
        });
        // Key id, nonce, 32 bytes, tag.
        assert_eq!(sealed.await.unwrap().len(), 1 + 12 + 32 + 16);
        for fragment in ["#label_1", "#atproto", "label", "#a-b", "#", ""] {
            let answer = admin.post(METHODS, &json!({ "fragment_id": fragment })).await;
            assert_eq!(answer.status, 400, "{fragment}");
        }
        answers(404, &admin.delete(&format!("{METHODS}/%23label_1")).await);
        answers(204, &admin.delete(&format!("{METHODS}/label_1")).await);
        answers(404, &admin.delete(&format!("{METHODS}/label_1")).await);
        assert_eq!(admin.get(METHODS).await.expect(200), json!([]));
    })
    .await;
}
