//! Settings (spec/appview.md §8.3, §10.1 row 30).

use std::collections::HashMap;

use accounts::{
    Actor, Error, Settings,
    settings::{ListedSetting, Logo, ProxyMode, ProxyPolicy, Source, environment_variables},
};
use events::{Event, kinds};
use serde_json::json;
use store::Store;

use crate::support::{Log, accounts, on_each_engine, person};

async fn settings(store: &Store, environment: &[(&str, &str)]) -> (Settings, Log) {
    let log = Log::open(store);
    let environment: HashMap<_, _> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    (Settings::open(store.state.clone(), log.events.clone(), environment).await.unwrap(), log)
}

fn listed(key: &'static str, value: &str, source: Source) -> ListedSetting {
    ListedSetting { key, value: value.to_owned(), source }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_comes_before_the_environment_and_that_before_the_default() {
    on_each_engine(async |store| {
        let environment = [("APP_NAME", "Env"), ("BACKFILL_CONCURRENT_PDS", "20"), ("TOS_URI", "")];
        let (settings, log) = settings(&store, &environment).await;
        let current = settings.current();
        assert_eq!(current.app_name.as_deref(), Some("Env"));
        assert_eq!((current.backfill_concurrent_pds, current.backfill_retention_days), (20, 28));
        assert_eq!((current.tos_uri.as_deref(), current.default_query_cost), (None, 1));
        assert!(!current.verbose_event_logging && !current.require_client_key);

        settings.set(&person("alice"), "app_name", "Database").await.unwrap();
        assert_eq!(settings.current().app_name.as_deref(), Some("Database"));
        let expected = [
            listed("app_name", "Database", Source::Database),
            listed("backfill_concurrent_pds", "20", Source::Environment),
        ];
        assert_eq!(settings.list(), expected);

        assert!(settings.unset(&person("alice"), "app_name").await.unwrap());
        assert!(!settings.unset(&person("alice"), "app_name").await.unwrap());
        assert_eq!(settings.current().app_name.as_deref(), Some("Env"));
        let told = log.told().await;
        let kinds: Vec<_> = told.iter().map(|(kind, _, subject, _)| (&**kind, &**subject)).collect();
        assert_eq!(kinds, [("setting.updated", "app_name"), ("setting.deleted", "app_name")]);
        assert_eq!(told[0].3, json!({ "value": "Database" }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_setting_can_be_set_and_reaches_its_field() {
    on_each_engine(async |store| {
        let (settings, _) = settings(&store, &[]).await;
        let url = "https://app.example.com/x";
        for (key, value) in [
            ("app_name", "A"),
            ("client_uri", url),
            ("logo_uri", url),
            ("tos_uri", url),
            ("policy_uri", url),
            ("backfill_concurrent_pds", "2"),
            ("backfill_concurrent_dids_per_pds", "4"),
            ("backfill_concurrent_resolution", "5"),
            ("backfill_retention_days", "6"),
            ("read_through", "get+list"),
            ("read_through_per_caller", "61"),
            ("read_through_total", "62"),
            ("label_new_records", "com.example.note, com.example.post"),
            ("verbose_event_logging", "true"),
            ("feature.spaces_enabled", "false"),
            ("rate_limit.default_query_cost", "7"),
            ("rate_limit.default_procedure_cost", "8"),
            ("rate_limit.default_proxy_cost", "9"),
            ("script_instruction_limit", "10000"),
            ("script_wall_clock_seconds", "11"),
            ("require_client_key", "true"),
            ("enforce_client_origin", "true"),
        ] {
            settings.set(&Actor::LocalOperator, key, value).await.unwrap();
        }
        assert_eq!(settings.list().len(), accounts::settings::SETTINGS.len());
        let current = settings.current();
        let texts = [&current.client_uri, &current.logo_uri, &current.tos_uri, &current.policy_uri];
        assert!(texts.into_iter().all(|text| text.as_deref() == Some(url)));
        let counts = [
            current.backfill_concurrent_pds,
            current.backfill_concurrent_dids_per_pds,
            current.backfill_concurrent_resolution,
            current.backfill_retention_days,
            current.read_through_per_caller,
            current.read_through_total,
            current.default_query_cost,
            current.default_procedure_cost,
            current.default_proxy_cost,
            current.script_instruction_limit,
            current.script_wall_clock_seconds,
        ];
        assert_eq!(current.read_through, "get+list");
        assert_eq!(counts, [2, 4, 5, 6, 61, 62, 7, 8, 9, 10_000, 11]);
        assert!(current.verbose_event_logging);
        assert!(current.require_client_key && current.enforce_client_origin);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_or_is_not_a_setting_is_refused() {
    on_each_engine(async |store| {
        let (settings, log) = settings(&store, &[]).await;
        let set = async |key: &str, value: &str| settings.set(&Actor::LocalOperator, key, value).await;
        for (key, value) in [
            ("app_name", ""),
            ("app_name", "two\nlines"),
            ("app_name", &"x".repeat(2049)),
            ("logo_uri", "javascript:alert(1)"),
            ("logo_uri", "/logo.png"),
            ("backfill_concurrent_pds", "0"),
            ("backfill_concurrent_pds", "1001"),
            ("backfill_concurrent_pds", "ten"),
            ("verbose_event_logging", "yes"),
            ("verbose_event_logging", "True"),
            ("feature.spaces_enabled", "true"),
        ] {
            assert!(matches!(set(key, value).await, Err(Error::SettingValue { .. })), "{key}={value}");
        }
        for key in [
            "jetstream_cursor",
            "xrpc_proxy_config",
            "logo_data",
            "logo_content_type",
            "attestation_private_key",
            "master_secret_check",
            "public_url",
            "APP_NAME",
            "",
        ] {
            assert!(matches!(set(key, "x").await, Err(Error::UnknownSetting(_))), "{key}");
            assert!(!settings.unset(&Actor::LocalOperator, key).await.unwrap(), "{key}");
        }
        assert_eq!(settings.list(), []);
        assert_eq!(log.read().await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_keeps_for_itself_is_not_listed() {
    on_each_engine(async |store| {
        let (accounts, _) = accounts(&store, "https://app.example.com").await;
        let logo = Logo { content_type: "image/png".to_owned(), bytes: vec![1, 2, 3] };
        accounts.settings.set_logo(&Actor::LocalOperator, logo).await.unwrap();
        let policy = ProxyPolicy::new(ProxyMode::Allowlist, &["com.example.*".to_owned()]).unwrap();
        accounts.settings.set_proxy_policy(&Actor::LocalOperator, &policy).await.unwrap();
        let rows = store.state.read(|conn| {
            let sql = "SELECT COUNT(*) FROM instance_settings";
            conn.query_one::<_, store::Error>(sql, &[], |row| row.int(0))
        });
        assert_eq!(rows.await.unwrap(), 5, "logo (2), proxy, check of the master secret, public URL");
        assert_eq!(accounts.settings.list(), []);
        assert_eq!(accounts.settings.current().proxy_policy, policy);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_do_not_fit_are_ignored_wherever_they_come_from() {
    on_each_engine(async |store| {
        let insert = store.state.write(|conn| {
            conn.execute(
                "INSERT INTO instance_settings (key, value, updated_at) \
                 VALUES ('backfill_concurrent_pds', 'many', 0), ('of_the_future', 'x', 0)",
                &[],
            )
        });
        insert.await.unwrap();
        let environment = [("BACKFILL_CONCURRENT_PDS", "7"), ("VERBOSE_EVENT_LOGGING", "maybe")];
        let (settings, _) = settings(&store, &environment).await;
        assert_eq!(settings.current().backfill_concurrent_pds, 7);
        assert!(!settings.current().verbose_event_logging);
        let expected = [listed("backfill_concurrent_pds", "7", Source::Environment)];
        assert_eq!(settings.list(), expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_logo_comes_back_as_it_was_given() {
    on_each_engine(async |store| {
        let (settings, log) = settings(&store, &[]).await;
        let actor = person("alice");
        let logo = |content_type: &str, bytes| Logo { content_type: content_type.to_owned(), bytes };
        assert_eq!(settings.logo().await.unwrap(), None);
        let largest = logo("image/svg+xml", vec![7; 5 << 20]);
        settings.set_logo(&actor, largest.clone()).await.unwrap();
        assert!(settings.current().has_logo);
        assert_eq!(settings.logo().await.unwrap(), Some(largest));
        for bad in [
            logo("text/html", vec![1]),
            logo("image/", vec![1]),
            logo("image/png\r\nx: y", vec![1]),
            logo("image/png", vec![]),
            logo("image/png", vec![1; (5 << 20) + 1]),
        ] {
            assert!(matches!(settings.set_logo(&actor, bad).await, Err(Error::Logo(_))));
        }
        assert!(settings.remove_logo(&actor).await.unwrap());
        assert!(!settings.remove_logo(&actor).await.unwrap());
        assert_eq!((settings.logo().await.unwrap(), settings.current().has_logo), (None, false));
        assert_eq!(log.read().await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_on_another_instance_is_seen_when_settings_are_read_again() {
    on_each_engine(async |store| {
        let (here, _) = settings(&store, &[]).await;
        let (elsewhere, _) = settings(&store, &[]).await;
        elsewhere.set(&Actor::LocalOperator, "app_name", "Elsewhere").await.unwrap();
        assert_eq!(here.current().app_name, None);
        here.refresh().await.unwrap();
        assert_eq!(here.current().app_name.as_deref(), Some("Elsewhere"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_holds_at_once_however_often_others_are_reading() {
    on_each_engine(async |store| {
        let (settings, _) = settings(&store, &[]).await;
        let readers = (0..4).map(|_| {
            let settings = settings.clone();
            tokio::spawn(async move {
                loop {
                    settings.refresh().await.unwrap();
                }
            })
        });
        let readers: Vec<_> = readers.collect();
        for n in 1..=100 {
            let count = n.to_string();
            settings.set(&Actor::LocalOperator, "backfill_concurrent_pds", &count).await.unwrap();
            assert_eq!(settings.current().backfill_concurrent_pds, n);
        }
        readers.iter().for_each(tokio::task::JoinHandle::abort);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn verbose_logging_begins_and_ends_with_its_setting() {
    on_each_engine(async |store| {
        let (settings, log) = settings(&store, &[]).await;
        let record = |subject| log.events.record(Event::new(kinds::RECORD_CREATED).subject(subject));
        record("before");
        settings.set(&Actor::LocalOperator, "verbose_event_logging", "true").await.unwrap();
        record("during");
        settings.unset(&Actor::LocalOperator, "verbose_event_logging").await.unwrap();
        record("after");
        let told = log.told().await;
        let records = told.iter().filter(|(kind, ..)| kind == "record.created");
        assert_eq!(records.map(|(_, _, subject, _)| &**subject).collect::<Vec<_>>(), ["during"]);
    })
    .await;
}

#[test]
fn the_environment_is_asked_for_these() {
    let names: Vec<_> = environment_variables().collect();
    assert_eq!(names.len(), 15);
    assert!(names.contains(&"FEATURE_SPACES_ENABLED") && names.contains(&"APP_NAME"));
}
