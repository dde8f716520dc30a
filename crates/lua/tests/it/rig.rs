//! An engine with a host that keeps what it is told.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use lua::{Engine, EngineConfig, Host, HostError, Limits, Outcome, Program, Returned, Run, ScriptError};
use serde_json::value::RawValue;
use serde_json::{Value, json};

const FUNCTIONS: &[&str] = &[
    "test.echo",
    "test.fail",
    "test.auth",
    "test.sleep",
    "test.nested",
    "test.panic",
    "test.deep.er.text",
    "db.raw",
    "atproto.blob_download",
    "atproto.blob_upload",
    "job.wait",
    "job.progress",
    "record.schema",
    "record.save",
    "record.save_local",
    "record.delete",
    "record.delete_local",
    "record.load",
];

/// What a run says about itself.
pub(crate) struct Context {
    pub(crate) is_job: bool,
    pub(crate) depth: u8,
}

#[derive(Default)]
pub(crate) struct TestHost {
    pub(crate) calls: Mutex<Vec<(&'static str, Value)>>,
    pub(crate) logged: Mutex<Vec<String>>,
    pub(crate) records: Mutex<BTreeMap<String, Value>>,
    /// Futures that were dropped before they were ready.
    pub(crate) abandoned: Arc<AtomicU64>,
    nested: OnceLock<(Engine, Program)>,
    rkeys: AtomicU64,
}

pub(crate) struct Rig {
    pub(crate) engine: Engine,
    pub(crate) host: Arc<TestHost>,
}

impl Rig {
    pub(crate) fn new(threads: usize) -> Self {
        let host = Arc::new(TestHost::default());
        Self { engine: Engine::new(EngineConfig::new(threads, host.clone())), host }
    }

    /// What `test.nested()` runs.
    pub(crate) fn set_nested(&self, program: &Program) {
        assert!(self.host.nested.set((self.engine.clone(), program.clone())).is_ok());
    }

    pub(crate) async fn outcome(&self, source: &str, run: Run) -> Result<Outcome, ScriptError> {
        let program = self.engine.compile("test", source).await?;
        self.engine.run(&program, run).await
    }
}

pub(crate) fn run() -> Run {
    run_with(json!({}))
}

pub(crate) fn run_with(globals: Value) -> Run {
    let Value::Object(globals) = globals else { panic!("globals are an object") };
    let globals = globals.into_iter().map(|(name, value)| (&*name.leak(), raw(&value).into())).collect();
    Run {
        globals,
        limits: Limits::default(),
        context: Arc::new(Context { is_job: false, depth: 0 }),
        depth: 0,
    }
}

pub(crate) fn raw(value: &Value) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).unwrap()
}

/// The JSON text of what a script returns.
pub(crate) async fn text_with(source: &str, globals: Value) -> String {
    match Rig::new(1).outcome(source, run_with(globals)).await.unwrap().returned {
        Returned::Nil => "nil".to_owned(),
        Returned::Table(text) | Returned::Other(text) => text.get().to_owned(),
    }
}

/// The value of Lua expressions, as a JSON array.
pub(crate) async fn eval(expressions: &str) -> String {
    text_with(&format!("function handle() return toarray{{ {expressions} }} end"), json!({})).await
}

/// How the body of a `handle` fails.
pub(crate) async fn failure(body: &str) -> ScriptError {
    Rig::new(1).outcome(&format!("function handle()\n{body}\nend"), run()).await.unwrap_err()
}

/// The message of its failure.
pub(crate) async fn message(body: &str) -> String {
    match failure(body).await {
        ScriptError::Runtime(failure) => failure.message,
        other => panic!("{other:?}"),
    }
}

impl TestHost {
    fn saved(&self, item: &Value) -> Value {
        let uri = item["uri"].as_str().map_or_else(
            || {
                let next = self.rkeys.fetch_add(1, Ordering::Relaxed).to_string();
                let repo = item["repo"].as_str().unwrap_or("did:web:caller.example");
                let rkey = item["rkey"].as_str().unwrap_or(&next);
                format!("at://{repo}/{}/{rkey}", item["collection"].as_str().unwrap())
            },
            str::to_owned,
        );
        self.records.lock().unwrap().insert(uri.clone(), item["record"].clone());
        json!({ "uri": uri, "cid": "bafy" })
    }

    fn load(&self, uri: &Value) -> Value {
        let records = self.records.lock().unwrap();
        let record = records.get(uri.as_str().unwrap());
        record.map_or(Value::Null, |record| json!({ "uri": uri, "cid": null, "record": record }))
    }

    async fn answer(&self, name: &str, arguments: Value, context: &Context) -> Result<Value, HostError> {
        Ok(match name {
            "test.echo" => arguments,
            "test.fail" => return Err(HostError::new("the host is on holiday")),
            "test.auth" => return Err(HostError::auth("the session has ended")),
            "test.panic" => panic!("a defect of the host"),
            "test.deep.er.text" => serde_json::from_str(arguments[0].as_str().unwrap()).unwrap(),
            "test.sleep" | "job.wait" => {
                let dropped = Dropped(Arc::clone(&self.abandoned));
                tokio::time::sleep(Duration::from_millis(arguments[0].as_u64().unwrap())).await;
                std::mem::forget(dropped);
                Value::Null
            }
            "test.nested" => {
                let (engine, program) = self.nested.get().unwrap();
                let depth = context.depth + 1;
                let context = Arc::new(Context { is_job: false, depth });
                let run =
                    Run { globals: vec![("depth", raw(&json!(depth)).into())], context, depth, ..run() };
                match engine
                    .run(program, run)
                    .await
                    .map_err(|error| HostError::new(error.to_string()))?
                    .returned
                {
                    Returned::Nil => Value::Null,
                    Returned::Table(text) | Returned::Other(text) => {
                        serde_json::from_str(text.get()).unwrap()
                    }
                }
            }
            "atproto.blob_download" => json!({ "handle": "token-7", "mimeType": "image/png", "size": 12 }),
            "record.schema" => match arguments[0].as_str().unwrap() {
                "com.example.post" => json!({
                    "key_type": "tid",
                    "schema": {
                        "required": ["title"],
                        "properties": { "title": {}, "lang": { "default": "en" }, "$type": {} },
                    },
                }),
                "com.example.profile" => json!({ "key_type": "literal:self", "schema": null }),
                "com.example.named" => json!({ "key_type": "nsid" }),
                _ => Value::Null,
            },
            "record.save" => {
                let save = |item: &Value| match item["record"]["title"].as_str() {
                    Some("refused") => json!({ "error": "the PDS refuses" }),
                    Some("signed out") => json!({ "error": "no session", "auth": true }),
                    _ => self.saved(item),
                };
                Value::Array(arguments[0].as_array().unwrap().iter().map(save).collect())
            }
            "record.save_local" => self.saved(&arguments[0]),
            "record.delete" | "record.delete_local" => {
                json!(self.records.lock().unwrap().remove(arguments[0].as_str().unwrap()).is_some())
            }
            "record.load" => {
                Value::Array(arguments[0].as_array().unwrap().iter().map(|uri| self.load(uri)).collect())
            }
            _ => json!({ "called": name }),
        })
    }
}

/// Counts a future that did not come to its end.
struct Dropped(Arc<AtomicU64>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Host for TestHost {
    fn functions(&self) -> &[&'static str] {
        FUNCTIONS
    }

    fn offers(&self, context: &Arc<dyn Any + Send + Sync>, function: usize) -> bool {
        !FUNCTIONS[function].starts_with("job.") || context.downcast_ref::<Context>().unwrap().is_job
    }

    fn call<'a>(
        &'a self,
        context: &'a Arc<dyn Any + Send + Sync>,
        function: usize,
        arguments: &'a RawValue,
    ) -> BoxFuture<'a, Result<Box<RawValue>, HostError>> {
        let name = FUNCTIONS[function];
        let arguments: Value = serde_json::from_str(arguments.get()).unwrap();
        self.calls.lock().unwrap().push((name, arguments.clone()));
        async move {
            self.answer(name, arguments, context.downcast_ref().unwrap()).await.map(|value| raw(&value))
        }
        .boxed()
    }

    fn log(&self, _: &Arc<dyn Any + Send + Sync>, message: &str) {
        self.logged.lock().unwrap().push(message.to_owned());
    }
}
