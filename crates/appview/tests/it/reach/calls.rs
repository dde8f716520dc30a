//! `xrpc.query` and `xrpc.procedure`: the same as anybody's calls, and who is nobody.

use serde_json::{Value, json};

use super::{ACT, ASK, asked, failed, script};
use crate::harness::{ALICE, GET_STATUSES, STATUS, has_status, on_each_server};

const ECHO: &str = "com.example.echo";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_method_answers_is_what_it_answers_anybody() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "a", r#"{"status":"one"}"#).await;
        server.write(ALICE, "b", r#"{"status":"two"}"#).await;
        let uri = format!("at://{ALICE}/{STATUS}/a");
        for (params, query) in [
            ("{ limit = 1 }", "limit=1".to_owned()),
            ("{}", String::new()),
            ("nil", String::new()),
            (&format!("{{ uri = '{uri}' }}"), format!("uri={uri}")),
            (&format!("{{ uri = '{uri}x' }}"), format!("uri={uri}x")),
            ("{ cursor = 'x y&z' }", "cursor=x+y%26z".to_owned()),
            ("{ limit = toarray{ 1, 2 } }", "limit=1&limit=2".to_owned()),
        ] {
            let inside = asked(&server, &format!("return xrpc.query('{GET_STATUSES}', {params})")).await;
            let outside = server.client.get(&format!("/xrpc/{GET_STATUSES}?{query}")).await;
            assert_eq!(inside, json!({ "status": outside.status, "body": outside.text }), "{query}");
        }
        for (nsid, status) in [
            ("nonsense", 400),
            (ACT, 403),
            ("com.atproto.space.getSpace", 404),
            (STATUS, 400),
            (GET_STATUSES, 200),
        ] {
            let set = json!({ "mode": "disabled", "nsids": [] });
            drop(
                server
                    .accounts
                    .settings
                    .set_proxy_policy(&accounts::Actor::LocalOperator, &serde_json::from_value(set).unwrap())
                    .await,
            );
            let inside = asked(&server, &format!("return xrpc.query('{nsid}')")).await;
            let outside = server.client.get(&format!("/xrpc/{nsid}")).await;
            has_status(&outside, status);
            assert_eq!(inside, json!({ "status": status, "body": outside.text }), "{nsid}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_arrive_as_the_lexicon_has_them() {
    on_each_server(|server| async move {
        script(
            &server,
            &format!("xrpc.query:{ECHO}"),
            "function handle() return { params, caller_did or 'nobody' } end",
        )
        .await;
        let params = "{ n = 5, flag = true, text = 'a&b=é', list = toarray{ 'x', 'y' }, more = 1 }";
        let inside =
            asked(&server, &format!("local r = xrpc.query('{ECHO}', {params}) return json.decode(r.body)"))
                .await;
        let expected = json!({ "n": 5, "flag": true, "text": "a&b=é", "list": ["x", "y"], "more": "1" });
        assert_eq!(inside, json!([expected, "nobody"]));
        let outside = server
            .client
            .get(&format!("/xrpc/{ECHO}?n=5&flag=true&text=a%26b%3D%C3%A9&list=x&list=y&more=1"))
            .await;
        assert_eq!(inside, outside.expect(200));
        let one =
            asked(&server, &format!("return json.decode(xrpc.query('{ECHO}', {{ list = 'x' }}).body)")).await;
        assert_eq!(one[0], json!({ "list": ["x"] }));
        for (call, message) in [
            ("xrpc.query()", "method must be a string"),
            ("xrpc.query('com.example.echo', 'a=b')", "params must be a table"),
            ("xrpc.query('com.example.echo', { n = { a = 1 } })", "params.n must be"),
            ("xrpc.query('com.example.echo', { text = ('x'):rep(20000) })", "16384 bytes at most"),
        ] {
            let error = failed(&server, call, 500).await;
            assert!(error["message"].as_str().unwrap().contains(message), "{call}: {error}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_acts_as_anybody() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        script(&server, &format!("xrpc.procedure:{ACT}"), "function handle() return caller_did end").await;
        let act = format!("xrpc.procedure('{ACT}', {{}})");
        let error = failed(&server, &format!("return {act}"), 401).await;
        assert!(error["error"].as_str().unwrap().contains("whoever called the script"), "{error}");
        assert_eq!(asked(&server, "return xrpc.query('app.bsky.actor.getProfile')").await["status"], 401);
        assert_eq!(asked(&server, "return xrpc.query('dev.happyview.listApiClients')").await["status"], 400);

        // The author of a record calls nobody.
        let body = format!(
            "function handle()
               if action == 'delete' then return true end
               local ok, message = pcall(xrpc.procedure, '{ACT}', {{}})
               local ask = xrpc.query('{ASK}')
               return {{ status = 'seen', ok = ok, message = message, who = ask.body, code = ask.status }}
             end"
        );
        script(&server, &format!("xrpc.query:{ASK}"), "function handle() return caller_did or 'nobody' end")
            .await;
        script(&server, &format!("record.index:{STATUS}"), &body).await;
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        let uri = format!("at://{ALICE}/{STATUS}/r");
        let found =
            server.client.get_with(&format!("/xrpc/{GET_STATUSES}"), &[("uri", &uri)]).await.expect(200);
        let record = &found["record"];
        assert_eq!(
            (&record["ok"], &record["who"], &record["code"]),
            (&json!(false), &json!("\"nobody\""), &json!(200))
        );
        assert!(record["message"].as_str().unwrap().contains("whoever called the script"), "{record}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_has_no_effects_however_deep() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        script(&server, &format!("xrpc.query:{ECHO}"), "function handle() http.post('https://example.com', {}) end").await;
        script(&server, &format!("xrpc.query:{ASK}"), &format!("function handle() return xrpc.query('{ECHO}') end")).await;
        let tried = async |call: &str| {
            let body = json!({
                "uri": format!("at://{ALICE}/{STATUS}/r"), "body": format!("function handle() return {call} end"),
            });
            server.admin.post(&format!("/admin/scripts/record.index:{STATUS}/test"), &body).await.expect(200)
        };
        let looked = tried(&format!("xrpc.query('{GET_STATUSES}')")).await;
        assert_eq!(looked["result"]["status"], 200, "{looked}");
        let deep = tried(&format!("xrpc.query('{ASK}')")).await;
        assert!(deep["result"]["body"].as_str().unwrap().contains("would have effects"), "{deep}");
        for call in [format!("xrpc.procedure('{ACT}', {{}})"), "atproto.blob_upload(nil)".to_owned()] {
            let error = tried(&call).await["error"].take();
            let refused = |error: &Value| error.as_str().is_some_and(|text| text.contains("would have effects") || text.contains("a handle of blob_download"));
            assert!(refused(&error), "{call}: {error}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_no_spaces() {
    on_each_server(|server| async move {
        for name in ["is_member", "get_access", "list_members", "query"] {
            let raised =
                asked(&server, &format!("return select(2, pcall(atproto.spaces.{name}, 'at://did:web:x'))"))
                    .await;
            assert!(raised.as_str().unwrap().contains("spaces feature is not enabled"), "{name}: {raised}");
        }
    })
    .await;
}
