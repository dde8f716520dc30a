//! What each layout keeps where.

use happyview::{Closed, EncryptionKey, Plaintext, Source};
use testkit::Happyview;
use testkit::HappyviewLayout::{New, Old};

use crate::rig::{all, each, good, open};

#[tokio::test(flavor = "multi_thread")]
async fn the_old_one_has_scripts_in_lexicons() {
    each(Old, async |fixture| {
        let source = open(&fixture).await;
        assert!(good(source.scripts()).await.is_empty(), "there is no such table");
        let scripts = good(source.lexicon_scripts()).await;
        let triggers: Vec<_> =
            scripts.iter().flat_map(|of| &of.scripts).map(|script| &*script.trigger).collect();
        assert_eq!(
            triggers,
            [
                "xrpc.query:com.example.hello",
                "record.index:com.example.note",
                "xrpc.object:com.example.object"
            ]
        );
        let lexicons = good(source.lexicons()).await;
        let note = lexicons.iter().find(|lexicon| lexicon.id == "com.example.note").unwrap();
        assert_eq!((note.revision, note.backfill, note.is_network), (Some(3), true, false));
        assert_eq!(note.created_at.unwrap().unix_timestamp(), 1_772_359_200);
        let [user] = &good(source.users()).await[..] else { panic!("one user") };
        assert!(user.is_super);
        assert_eq!(user.permissions.len(), 2);
        let [letter] = &good(source.dead_letter_hooks()).await[..] else { panic!("one dead letter") };
        assert_eq!(letter.script_ref, "record.index:com.example.note");
        assert!(letter.payload.contains("\"text\":\"a\""), "{}", letter.payload);
        assert_eq!(letter.resolved_at, None, "the column is of a later version");
        let [client] = &good(source.api_clients()).await[..] else { panic!("one client") };
        assert_eq!(client.parent_client_key, None);
        assert_eq!(client.allowed_origins.as_deref(), Some(&["https://beta.example.com".to_owned()][..]));
        assert!(good(source.service_identity()).await.is_empty());
        assert!(good(source.domains()).await.is_empty());
        assert_eq!(good(source.local_records()).await.len(), 0);
        assert_eq!(source.rows("oauth_sessions").await.unwrap(), 1);
        assert_eq!(source.rows("spaces").await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_one_has_prefixes_and_types_of_its_engine() {
    each(New, async |fixture| {
        let source = open(&fixture).await;
        assert!(good(source.lexicon_scripts()).await.is_empty(), "the columns are gone");
        assert_eq!(good(source.scripts()).await.len(), 2);
        let lexicons = good(source.lexicons()).await;
        let [hello, note, put] = &lexicons[..] else { panic!("three lexicons") };
        assert_eq!((hello.token_cost, hello.backfill), (Some(2), false));
        assert_eq!((note.is_network, put.action.as_deref()), (true, Some("create")));
        assert_eq!(note.authority_did.as_deref(), Some("did:plc:ragtjsm2j2vknwkz3zp4oxrd"));
        let keys = good(source.api_keys()).await;
        assert_eq!(keys[0].permissions, ["stats:read", "settings:manage"]);
        assert_eq!(keys[0].owner_did, "did:plc:ewvi7nxzyoun6zhxrhs64oiz");
        assert!(keys[0].revoked_at.is_none() && keys[1].revoked_at.is_some());
        let clients = good(source.api_clients()).await;
        let names: Vec<_> = clients.iter().map(|client| &*client.name).collect();
        assert_eq!(names, ["Notes", "Child"], "parents first, though it is younger");
        assert_eq!(clients[1].parent_client_key.as_deref(), Some(Happyview::CLIENT_KEY));
        assert_eq!(clients[0].rate_limit_refill_rate, Some(1.5));
        let [shared] = &good(source.delegated_accounts()).await[..] else { panic!("one shared account") };
        assert_eq!((shared.delegates.len(), &*shared.client_key), (2, Happyview::CLIENT_KEY));
        let users = good(source.users()).await;
        assert_eq!(users[0].last_used_at.unwrap().millisecond(), 250);
        assert_eq!(users[1].permissions.len(), 2);
        let letters = good(source.dead_letters()).await;
        assert_eq!(letters[0].id, "dead_letter_scripts/1");
        assert!(letters[0].resolved_at.is_none() && letters[1].resolved_at.is_some());
        assert_eq!(good(source.local_records()).await.len(), 1);
        let labelers = good(source.labelers()).await;
        assert_eq!(labelers.iter().map(|labeler| labeler.is_active).collect::<Vec<_>>(), [true, false]);
        let [entry] = &good(source.service_entries()).await[..] else { panic!("one entry") };
        assert_eq!(entry.xrpcs, ["com.example.hello"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_open_with_their_key_and_with_no_other() {
    each(New, async |fixture| {
        let source = open(&fixture).await;
        let variables = good(source.script_variables()).await;
        let values: Vec<_> = variables.iter().map(|variable| variable.value.clone().unwrap()).collect();
        assert_eq!(values, ["told in secret", "in plain"]);
        assert!(!format!("{variables:?}").contains("told"), "no log shows it");
        let [identity] = &good(source.service_identity()).await[..] else { panic!("one identity") };
        let key = |number: usize| Some(Ok(Plaintext(Happyview::SCALARS[number].to_vec())));
        assert_eq!((identity.signing_key.clone(), identity.rotation_key.clone()), (key(0), key(1)));
        let [method] = &good(source.verification_methods()).await[..] else { panic!("one method") };
        assert_eq!(Some(method.private_key.clone()), key(2));

        let other = EncryptionKey::parse("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").unwrap();
        for (key, expected) in [(Some(other), Closed::WrongKey), (None, Closed::NoKey)] {
            let source = Source::open(&fixture.url(), key).await.unwrap();
            let [identity] = &good(source.service_identity()).await[..] else { panic!("one identity") };
            assert_eq!(identity.signing_key, Some(Err(expected)));
            let [method] = &good(source.verification_methods()).await[..] else { panic!("one method") };
            assert_eq!(method.private_key, Err(expected));
            let variables = good(source.script_variables()).await;
            assert_eq!(variables[1].value.as_deref(), Ok("in plain"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_everything_once_and_of_one_moment() {
    each(Old, async |fixture| {
        let rows: Vec<_> = (0..450)
            .map(|number| format!("('u{number}', 'did:web:u{number}.example.com', '2026-03-01 10:00:00')"))
            .collect();
        let sql = format!("INSERT INTO users (id, did, created_at) VALUES {}", rows.join(", "));
        fixture.execute(&sql).await;
        let source = open(&fixture).await;
        let mut users = source.users();
        let first = users.next_page().await.unwrap().unwrap();
        fixture.execute("DELETE FROM users").await;
        let mut dids: Vec<_> = first.into_iter().map(|user| user.unwrap().did).collect();
        while let Some(page) = users.next_page().await.unwrap() {
            dids.extend(page.into_iter().map(|user| user.unwrap().did));
        }
        dids.sort();
        dids.dedup();
        assert_eq!(dids.len(), 451, "what was deleted meanwhile is read as it was");
        assert!(all(open(&fixture).await.users()).await.is_empty());
    })
    .await;
}
