//! Every kind of credential, and everything that may be wrong with it.

use super::site::{LOCAL_PASSWORD, on_each_site, text};
use super::stand_in::{ALICE, BOB, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_right_secret_lets_anybody_in() {
    on_each_site(async |site| {
        let (secret, id) = site.device(ALICE, "laptop").await;
        let (theirs, _) = site.device(BOB, "laptop").await;
        let random = secret.rsplit_once('_').unwrap().1.to_owned();
        let mixed = format!("atcr_device_{id}_{}", &theirs[theirs.len() - 43..]);
        let upper = secret.to_ascii_uppercase();
        let cut = &secret[..secret.len() - 1];
        let bare = format!("atcr_device_{random}");
        let token = text(&site.token(Some(("alice.test", &secret)), &[]).await.expect(200), "token");
        // Each is a different name, so that counting failures is left to another test.
        for (name, wrong) in [
            ("alice.test", &*mixed),
            ("alice.test", cut),
            ("alice.test", "atcr_device_"),
            ("alice.test", &bare),
            ("alice.test", &format!("{secret}x")),
            ("bob.test", &secret),
            ("", &secret),
            ("alice.test", ""),
        ] {
            site.token(Some((name, wrong)), &[]).await.expect(401);
        }
        for (name, wrong) in [
            ("alice.test", &*upper),
            ("bob.test", &random),
            (BOB, &token),
            ("nobody.test", PASSWORD),
            ("not a name", PASSWORD),
            ("local.test", PASSWORD),
            ("carol.test", LOCAL_PASSWORD),
        ] {
            let status = site.token(Some((name, wrong)), &[]).await.status;
            assert_eq!(status, 401, "{name}");
        }
        for value in ["Bearer x", "Basic", "Basic !", "Negotiate YQ==", "DPoP x"] {
            let refused = site.http.with_header("authorization", value).get("/auth/token").await;
            assert_eq!(refused.status, 401, "{value}: what is not understood is not nobody");
            assert!(refused.header("www-authenticate").starts_with("Basic "));
        }
        let bearer = site.http.with_bearer(&token).get("/auth/token").await;
        assert_eq!(bearer.status, 401, "a token is exchanged for no other");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_bounded() {
    on_each_site(async |site| {
        let long = "x".repeat(40 << 10);
        site.token_by_form(&[("grant_type", "password"), ("username", &long)]).await.expect(413);
        let form = [("grant_type", "password"), ("username", "alice.test"), ("password", &long[..3000])];
        site.token_by_form(&form).await.expect(401);
        let body = serde_json::json!({ "device_name": long });
        assert_eq!(site.http.post("/auth/device/code", &body).await.status, 413);
        let mut codes = 0;
        while site.http.post("/auth/device/code", &serde_json::json!({})).await.status == 200 {
            codes += 1;
            assert!(codes < 60, "an address asks for a few at once");
        }
        assert!(codes >= 20);
    })
    .await;
}
