//! `dev.happyview.delegation.*`: accounts that several people write to (spec/appview.md §3.7).

use serde_json::{Value, json};
use testkit::Answer;

use super::{
    app::{App, Device},
    site::{Site, on_each_site},
};

const TEAM: &str = "did:plc:teamteamteamteamteamteam";

fn did(name: &str) -> String {
    format!("did:web:{name}.example.com")
}

async fn post(device: &Device, method: &str, body: Value) -> Answer {
    device.post(&format!("/xrpc/dev.happyview.delegation.{method}"), &body).await
}

async fn get(device: &Device, method: &str, query: &str) -> Answer {
    device.get(&format!("/xrpc/dev.happyview.delegation.{method}{query}")).await
}

fn delegate(name: &str, role: &str) -> Value {
    json!({ "accountDid": TEAM, "userDid": did(name), "role": role })
}

fn removed(name: &str) -> Value {
    json!({ "accountDid": TEAM, "userDid": did(name) })
}

/// An account that is shared with an admin and a member.
struct Team {
    app: App,
    owner: Device,
    admin: Device,
    member: Device,
    stranger: Device,
}

impl Team {
    async fn start(site: &Site) -> Self {
        let app = App::start(site, "app", "public").await;
        let team = Self {
            owner: app.device(site, TEAM).await,
            admin: app.device(site, &did("admin")).await,
            member: app.device(site, &did("member")).await,
            stranger: app.device(site, &did("stranger")).await,
            app,
        };
        drop(post(&team.owner, "linkAccount", json!({ "did": TEAM })).await.expect(201));
        for role in ["admin", "member"] {
            drop(post(&team.owner, "addDelegate", delegate(role, role)).await.expect(201));
        }
        team
    }

    /// What somebody may do with the account's records.
    async fn role(device: &Device) -> (u16, Value) {
        let answer = device.get(&format!("/xrpc/test.example.write?account={TEAM}")).await;
        (answer.status, answer.json())
    }
}

fn without_times(mut list: Value) -> Value {
    for entry in list.as_array_mut().into_iter().flatten() {
        assert!(entry["createdAt"].as_str().unwrap().ends_with('Z'));
        entry.as_object_mut().unwrap().remove("createdAt");
    }
    list
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_shared_seen_and_written_to() {
    on_each_site(async |site| {
        let team = Team::start(&site).await;
        let owned = get(&team.owner, "listAccounts", "").await.expect(200)["accounts"].clone();
        assert_eq!(without_times(owned), json!([{ "did": TEAM, "role": "owner" }]));
        let account = get(&team.member, "getAccount", &format!("?did={TEAM}")).await.expect(200);
        let expected = json!([{ "did": TEAM, "role": "member", "linkedBy": TEAM }]);
        assert_eq!(without_times(json!([account])), expected);
        let delegates = get(&team.member, "listDelegates", &format!("?accountDid={TEAM}")).await.expect(200);
        let expected = json!([
            { "userDid": TEAM, "role": "owner", "grantedBy": TEAM },
            { "userDid": did("admin"), "role": "admin", "grantedBy": TEAM },
            { "userDid": did("member"), "role": "member", "grantedBy": TEAM },
        ]);
        assert_eq!(without_times(delegates["delegates"].clone()), expected);
        for (device, role) in [(&team.owner, "owner"), (&team.admin, "admin"), (&team.member, "member")] {
            assert_eq!(Team::role(device).await, (200, json!(role)));
        }
        let told: Vec<_> =
            site.told().await.into_iter().filter(|told| told.0.starts_with("delegation.")).collect();
        let kinds: Vec<_> = told.iter().map(|told| (&*told.0, &*told.2)).collect();
        let added = ("delegation.delegate_added", TEAM);
        assert_eq!(kinds, [("delegation.account_linked", TEAM), added, added]);
        assert_eq!(told[1].3, json!({ "user_did": did("admin"), "role": "admin" }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_account_itself_is_shared_and_once() {
    on_each_site(async |site| {
        let team = Team::start(&site).await;
        for thief in [&team.stranger, &team.admin] {
            let answer = post(thief, "linkAccount", json!({ "did": TEAM })).await;
            assert_eq!(answer.expect(403)["error"], "only the account itself can be linked; sign in as it");
        }
        let again = post(&team.owner, "linkAccount", json!({ "did": TEAM })).await;
        assert_eq!(again.expect(409)["error"], "account is already linked");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_manage_nobody_and_admins_no_admins() {
    on_each_site(async |site| {
        let team = Team::start(&site).await;
        let manage = "only an owner or admin can do that";
        let answer = post(&team.member, "addDelegate", delegate("new", "member")).await;
        assert_eq!(answer.expect(403)["error"], manage);
        assert_eq!(
            post(&team.member, "removeDelegate", removed("member")).await.expect(403)["error"],
            manage
        );
        drop(post(&team.admin, "addDelegate", delegate("new", "admin")).await.expect(201));
        let answer = post(&team.admin, "removeDelegate", removed("new")).await;
        assert_eq!(answer.expect(403)["error"], "only the owner can remove an admin");
        assert_eq!(post(&team.admin, "removeDelegate", removed("member")).await.expect(200), json!({}));
        assert_eq!(Team::role(&team.member).await.0, 403, "at once");
        drop(post(&team.owner, "removeDelegate", removed("new")).await.expect(200));
        for device in [&team.owner, &team.admin] {
            let owner = json!({ "accountDid": TEAM, "userDid": TEAM });
            assert_eq!(
                post(device, "removeDelegate", owner).await.expect(403)["error"],
                "the owner cannot be removed"
            );
        }
        let answer = post(&team.owner, "removeDelegate", removed("nobody")).await;
        assert_eq!(answer.expect(404)["error"], "not a delegate of this account");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_admin_and_member_and_given_once() {
    on_each_site(async |site| {
        let team = Team::start(&site).await;
        for role in ["owner", "boss", ""] {
            drop(post(&team.owner, "addDelegate", delegate("new", role)).await.expect(400));
        }
        let again = post(&team.owner, "addDelegate", delegate("member", "admin")).await;
        assert_eq!(again.expect(409)["error"], "already a delegate of this account");
        assert_eq!(Team::role(&team.member).await, (200, json!("member")), "no way up");
        for body in [json!({}), json!({ "accountDid": "x", "userDid": did("a"), "role": "member" })] {
            let error = post(&team.owner, "addDelegate", body).await.expect(400);
            assert!(error["error"].as_str().unwrap().starts_with("invalid request body"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_stops_sharing() {
    on_each_site(async |site| {
        let team = Team::start(&site).await;
        for device in [&team.admin, &team.member] {
            let answer = post(device, "unlinkAccount", json!({ "did": TEAM })).await;
            assert_eq!(answer.expect(403)["error"], "only the owner can unlink an account");
        }
        assert_eq!(post(&team.owner, "unlinkAccount", json!({ "did": TEAM })).await.expect(200), json!({}));
        for device in [&team.owner, &team.admin, &team.member] {
            assert_eq!(Team::role(device).await.0, 403);
            assert_eq!(get(device, "listAccounts", "").await.expect(200), json!({ "accounts": [] }));
        }
        drop(post(&team.owner, "linkAccount", json!({ "did": TEAM })).await.expect(201));
        assert_eq!(Team::role(&team.member).await.0, 403, "delegates do not come back by themselves");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn delegates_write_as_long_as_the_account_is_signed_in() {
    on_each_site(async |site| {
        let team = Team::start(&site).await;
        assert_eq!(Team::role(&team.member).await.0, 200);
        drop(team.owner.delete(&format!("/oauth/sessions/{TEAM}")).await.expect(204));
        let (status, body) = Team::role(&team.member).await;
        assert_eq!(
            (status, &body["error"]),
            (401, &json!("the account is signed out; its owner has to sign in again"))
        );
        team.app.device(&site, TEAM).await;
        assert_eq!(Team::role(&team.member).await, (200, json!("member")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_other_apps_are_forbidden() {
    on_each_site(async |site| {
        let team = Team::start(&site).await;
        let other = App::start(&site, "other", "public").await;
        let elsewhere = other.device(&site, &did("admin")).await;
        for outsider in [&team.stranger, &elsewhere] {
            let refused = json!({ "error": "not a delegate of this account" });
            assert_eq!(Team::role(outsider).await, (403, refused.clone()));
            for answer in [
                get(outsider, "getAccount", &format!("?did={TEAM}")).await,
                get(outsider, "listDelegates", &format!("?accountDid={TEAM}")).await,
                post(outsider, "addDelegate", delegate("new", "member")).await,
                post(outsider, "removeDelegate", removed("member")).await,
                post(outsider, "unlinkAccount", json!({ "did": TEAM })).await,
            ] {
                assert_eq!(answer.expect(403), refused);
            }
            assert_eq!(get(outsider, "listAccounts", "").await.expect(200), json!({ "accounts": [] }));
        }
        // What an owner shares in one app is a matter of that app.
        let owner = other.device(&site, TEAM).await;
        drop(post(&owner, "linkAccount", json!({ "did": TEAM })).await.expect(201));
        assert_eq!(Team::role(&elsewhere).await.0, 403);
        site.clients().remove(None, &team.app.client.client.id).await.unwrap();
        assert_eq!(Team::role(&owner).await, (200, json!("owner")));
        assert_eq!(site.count("SELECT count(*) FROM account_delegates").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_app_there_is_no_delegation() {
    on_each_site(async |site| {
        let refused = json!({ "error": "requires DPoP authentication" });
        for (method, body) in [
            ("linkAccount", json!({ "did": TEAM })),
            ("unlinkAccount", json!({ "did": TEAM })),
            ("addDelegate", delegate("a", "member")),
            ("removeDelegate", removed("a")),
        ] {
            let answer = site.http.post(&format!("/xrpc/dev.happyview.delegation.{method}"), &body).await;
            assert_eq!(answer.expect(401), refused, "{method}");
        }
        for method in ["listAccounts", "getAccount?did=x", "listDelegates?accountDid=x"] {
            let answer = site.http.get(&format!("/xrpc/dev.happyview.delegation.{method}")).await;
            assert_eq!(answer.expect(401), refused, "{method}");
        }
        let started =
            site.accounts.browser_sessions.start(&atproto::Did::parse(TEAM).unwrap(), None).await.unwrap();
        let cookie = started.set_cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        let browser = site.http.with_header("cookie", &cookie);
        let answer = browser.get(&format!("/xrpc/test.example.write?account={TEAM}")).await;
        assert_eq!(answer.expect(401)["error"], "delegation requires DPoP authentication");
    })
    .await;
}
