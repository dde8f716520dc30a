//! What scripts save here: seen at once, durable, the same at every try.

use serde_json::{Value, json};
use testkit::Answer;

use crate::harness::{ALICE, GET_STATUSES, STATUS, Server, has_status, on_each_server, record_lexicon};

const SCRIPTS: &str = "/admin/scripts";
const SERVICE: &str = "did:web:service.invalid";
const EXTRA: &str = "com.example.extra";

/// What a query with this body answers.
async fn asked(server: &Server, body: &str) -> Answer {
    let script = json!({ "id": format!("xrpc.query:{GET_STATUSES}"), "body": format!("function handle() {body} end") });
    let stored = server.admin.post(SCRIPTS, &script).await;
    assert!([200, 201].contains(&stored.status), "{stored:?}");
    server.client.get(&format!("/xrpc/{GET_STATUSES}")).await
}

async fn ask(server: &Server, body: &str) -> Value {
    asked(server, body).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn is_seen_by_the_next_read_and_gone_after_the_deletion() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let saved = ask(
            &server,
            &format!(
                "local r = Record('{STATUS}', {{ status = 'at://target' }}):set_repo('{SERVICE}'):save_local()
                 local linked = db.backlinks{{ collection = '{STATUS}', uri = 'at://target' }}.records
                 return {{ uri = r._uri, none = r._cid == nil, key = r._rkey, loaded = Record.load(r._uri).status,
                          listed = #db.query{{ collection = '{STATUS}', did = '{SERVICE}' }}.records,
                          count = db.count('{STATUS}'), got = db.get(r._uri).status, linked = linked[1].uri,
                          found = #db.search{{ collection = '{STATUS}', field = 'status', query = 'target' }}.records }}"
            ),
        )
        .await;
        let uri = saved["uri"].as_str().unwrap();
        assert_eq!(uri, format!("at://{SERVICE}/{STATUS}/{}", saved["key"].as_str().unwrap()));
        let seen = json!({ "uri": uri, "none": true, "key": saved["key"], "loaded": "at://target", "listed": 1,
            "count": 1, "got": "at://target", "linked": uri, "found": 1 });
        assert_eq!(saved, seen);
        let deleted = format!("return toarray{{ Record.delete_local('{uri}'), Record.delete_local('{uri}') }}");
        assert_eq!(ask(&server, &deleted).await, json!([true, false]));
        assert_eq!(ask(&server, &format!("return toarray{{ db.get('{uri}') == nil }}")).await, json!([true]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_the_place_of_a_version_until_its_author_writes_again() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "r", r#"{"status":"theirs"}"#).await;
        let uri = format!("at://{ALICE}/{STATUS}/r");
        let annotate = format!(
            "local r = Record.load('{uri}') r.status = r.status .. ', noted' r:save_local()
             return {{ now = db.get('{uri}').status, cid = Record.load('{uri}')._cid == nil }}"
        );
        assert_eq!(ask(&server, &annotate).await, json!({ "now": "theirs, noted", "cid": true }));
        server.write(ALICE, "r", r#"{"status":"newer"}"#).await;
        let now = format!("return {{ now = db.get('{uri}').status }}");
        assert_eq!(ask(&server, &now).await, json!({ "now": "newer" }));
        // An operator's deletion and purge mean it, too.
        assert_eq!(ask(&server, &annotate).await["now"], "newer, noted");
        has_status(&server.admin.delete(&format!("/admin/records?uri={uri}")).await, 204);
        let save = format!(
            "return {{ Record('{STATUS}', {{ status = 'x' }}):set_repo('{SERVICE}'):set_rkey('k'):save_local()._uri }}"
        );
        ask(&server, &save).await;
        let purge = format!("/admin/records/collection?collection={STATUS}");
        assert!(server.admin.delete(&purge).await.expect(200)["deleted"].as_u64() >= Some(1));
        server.records.unsettle().await.unwrap();
        server.records.settle().await.unwrap();
        let left = format!("return {{ left = db.count('{STATUS}') }}");
        assert_eq!(ask(&server, &left).await, json!({ "left": 0 }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_cannot_be_is_refused() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let new = format!("Record('{STATUS}', {{ status = 'x' }})");
        for (body, why) in [
            (format!("{new}:save_local()"), "set_repo(did)"),
            (format!("{new}:set_repo('nobody'):save_local()"), "nobody"),
            (format!("{new}:set_repo('{SERVICE}'):set_rkey('a/b'):save_local()"), "a/b"),
            (format!("Record('{STATUS}'):set_repo('{SERVICE}'):save_local()"), "'status'"),
            (format!("Record('no nsid', {{}}):set_repo('{SERVICE}'):set_rkey('k'):save_local()"), "no nsid"),
            (
                format!(
                    "Record('{STATUS}', {{ status = ('x'):rep(2000000) }}):set_repo('{SERVICE}'):save_local()"
                ),
                "",
            ),
            ("Record.delete_local('at://somebody')".to_owned(), "at://DID/COLLECTION/RKEY"),
        ] {
            let answer = asked(&server, &body).await;
            let said = answer.expect(500);
            let message = said["message"].as_str().unwrap();
            assert!(message.contains(why) && !message.contains("is not there"), "{body:.80}: {said}");
        }
        assert_eq!(ask(&server, &format!("return {{ n = db.count('{STATUS}') }}")).await, json!({ "n": 0 }));
        // A trial has no effects.
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        let path = format!("{SCRIPTS}/record.index:{STATUS}/test");
        let uri = format!("at://{ALICE}/{STATUS}/r");
        for effect in
            [format!("{new}:set_repo('{SERVICE}'):save_local()"), format!("Record.delete_local('{uri}')")]
        {
            let body = json!({ "uri": uri, "body": format!("function handle() {effect} return record end") });
            let tried = server.admin.post(&path, &body).await.expect(200);
            assert!(tried["error"].as_str().unwrap().contains("would have effects"), "{tried}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn is_made_once_however_often_its_event_is_tried() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let decides = format!(
            "function handle()
               for n = 1, 2 do Record('{EXTRA}', {{ of = uri, n = n }}):set_repo('{SERVICE}'):save_local() end
               if not db.get('at://{SERVICE}/{EXTRA}/go') then error('not yet') end
               record.tried = true
               return record
             end"
        );
        let script = json!({ "id": format!("record.index:{STATUS}"), "body": decides });
        has_status(&server.admin.post(SCRIPTS, &script).await, 201);
        server.write(ALICE, "r", r#"{"status":"theirs"}"#).await;
        let extras = format!(
            "local uris = toarray{{}}
             for i, r in ipairs(db.query{{ collection = '{EXTRA}' }}.records) do if r.of then uris[#uris + 1] = r.uri end end
             return uris"
        );
        let first = ask(&server, &extras).await;
        assert_eq!(first.as_array().unwrap().len(), 2, "{first}");
        let go = format!("Record('{EXTRA}', {{ go = 1 }}):set_repo('{SERVICE}'):set_rkey('go'):save_local() return {{}}");
        ask(&server, &go).await;
        let tried = format!("return toarray{{ db.get('at://{ALICE}/{STATUS}/r').tried == true }}");
        server.eventually("the script has run again", async || ask(&server, &tried).await == json!([true])).await;
        assert_eq!(ask(&server, &extras).await, first);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn has_the_key_that_its_lexicon_says() {
    on_each_server(|server| async move {
        let mut lexicon = record_lexicon("com.example.profile");
        lexicon["defs"]["main"]["key"] = json!("literal:self");
        server.add_status_lexicons().await;
        server.add(appview::NewLexicon::new(lexicon.to_string())).await;
        let save = format!(
            "local r = Record('com.example.profile', {{ status = 'x' }}):set_repo('{SERVICE}'):save_local() return {{ r._uri }}"
        );
        for _ in 0..2 {
            let uri = format!("at://{SERVICE}/com.example.profile/self");
            assert_eq!(ask(&server, &save).await, json!([uri]));
        }
    })
    .await;
}
