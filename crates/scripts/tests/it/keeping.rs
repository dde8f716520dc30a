//! Storing scripts and variables.

use lua::ScriptError;
use scripts::{Description, Error, NewScript, ScriptChange};

use crate::rig::{on_each, script};

const BODY: &str = "function handle() return xrpc and true end";

#[tokio::test(flavor = "multi_thread")]
async fn a_script_is_stored_replaced_changed_and_removed() {
    on_each(|rig| async move {
        let scripts = rig.library.scripts();
        let id = "xrpc.query:com.example.getNotes";
        let first = scripts.put(script(id, BODY), None).await.unwrap();
        assert_eq!((first.revision, &*first.body, first.created_at), (1, BODY, first.updated_at));
        let second = scripts.put(script(id, "function handle() end"), None).await.unwrap();
        assert_eq!((second.revision, second.created_at), (2, first.created_at));
        let described =
            ScriptChange { description: Some(Description::Set("why".to_owned())), ..ScriptChange::default() };
        let third = scripts.change(id, described, None).await.unwrap().unwrap();
        assert_eq!((third.description.as_deref(), &*third.body), (Some("why"), "function handle() end"));
        let cleared = ScriptChange { description: Some(Description::Cleared), ..ScriptChange::default() };
        assert_eq!(scripts.change(id, cleared, None).await.unwrap().unwrap().description, None);
        assert!(scripts.change("job.run:none", ScriptChange::default(), None).await.unwrap().is_none());
        scripts.put(script("job.run:other", BODY), None).await.unwrap();
        let found: Vec<String> = scripts
            .list(Some("com.example.getNotes"))
            .await
            .unwrap()
            .into_iter()
            .map(|script| script.id)
            .collect();
        assert_eq!(found, [id]);
        assert_eq!(scripts.list(None).await.unwrap().len(), 2);
        rig.library.refresh().await.unwrap();
        assert!(rig.library.program(&id.parse().unwrap()).is_some());
        assert!(scripts.remove(id, None).await.unwrap() && !scripts.remove(id, None).await.unwrap());
        rig.library.refresh().await.unwrap();
        assert!(rig.library.program(&id.parse().unwrap()).is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_run_is_not_stored() {
    on_each(|rig| async move {
        let scripts = rig.library.scripts();
        let id = "job.run:mail";
        for body in
            ["function handle( end", "local handle = function() end", "error('top')", "while true do end"]
        {
            let error = scripts.put(script(id, body), None).await.unwrap_err();
            assert!(matches!(error, Error::Script(_)), "{error}");
        }
        let error = scripts.put(script(id, "x = "), None).await.unwrap_err();
        assert!(matches!(&error, Error::Script(ScriptError::Syntax { line: Some(1), .. })), "{error}");
        let of = |id: &str, script_type: &str, description: Option<String>| NewScript {
            id: id.to_owned(),
            script_type: script_type.to_owned(),
            body: BODY.to_owned(),
            description,
        };
        assert!(matches!(scripts.put(of(id, "js", None), None).await, Err(Error::Type(_))));
        assert!(matches!(scripts.put(of("job.run:", "lua", None), None).await, Err(Error::Trigger(_))));
        let long = Some("x".repeat(301));
        assert!(matches!(scripts.put(of(id, "lua", long), None).await, Err(Error::Description)));
        assert_eq!(scripts.list(None).await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_are_sealed_and_shown_in_part() {
    on_each(|rig| async move {
        let scripts = rig.library.scripts();
        scripts.set_variable("LONG", "first value", None).await.unwrap();
        scripts.set_variable("LONG", "secret value", None).await.unwrap();
        scripts.set_variable("SHORT", "pin", None).await.unwrap();
        let shown: Vec<_> = scripts
            .variables()
            .await
            .unwrap()
            .into_iter()
            .map(|variable| (variable.key, variable.preview))
            .collect();
        assert_eq!(
            shown,
            [("LONG".to_owned(), "secr****".to_owned()), ("SHORT".to_owned(), "****".to_owned())]
        );
        let kept = rig.store.state.read(|conn| {
            conn.query("SELECT sealed FROM appview_script_variables", &[], |row| {
                Ok::<_, store::Error>(row.blob(0)?.to_vec())
            })
        });
        assert!(kept.await.unwrap().iter().all(|sealed| !sealed.windows(6).any(|part| part == b"secret")));
        rig.library.refresh().await.unwrap();
        assert_eq!(rig.library.variables().get(), r#"{"LONG":"secret value","SHORT":"pin"}"#);
        assert!(scripts.remove_variable("SHORT", None).await.unwrap());
        assert!(!scripts.remove_variable("SHORT", None).await.unwrap());
        assert!(matches!(scripts.set_variable("1", "x", None).await, Err(Error::Key)));
        assert!(matches!(scripts.set_variable("BIG", &"x".repeat(64_001), None).await, Err(Error::Value)));
    })
    .await;
}
