//! Scripts as versions before 2.9 kept them: in columns of the lexicon that they belong to (spec/appview.md §10.2).

use serde_json::Value;

use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};
use crate::{EncryptionKey, Script};

pub(crate) const PLAN: Plan = Plan {
    any_of: &["script", "index_hook"],
    order: &[Order::By("id")],
    ..Plan::new("lexicons", &["id", "lexicon_json", "script", "index_hook", "created_at", "updated_at"])
};

/// The scripts of one lexicon, with the triggers that they have since then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexiconScripts {
    /// None, one, or both: that of records, and that of the method.
    pub scripts: Vec<Script>,
}

impl LexiconScripts {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        let id = row.text("id")?;
        let script = |trigger: String, body: String| Script {
            trigger,
            script_type: "lua".to_owned(),
            body,
            description: None,
            created_at: row.moment("created_at"),
            updated_at: row.moment("updated_at"),
        };
        let mut scripts = Vec::new();
        if let Some(body) = row.opt_text("index_hook")? {
            scripts.push(script(format!("record.index:{id}"), body));
        }
        if let Some(body) = row.opt_text("script")? {
            scripts.push(script(format!("xrpc.{}:{id}", main_type(&row.text("lexicon_json")?)), body));
        }
        Ok(Self { scripts })
    }
}

/// `query` or `procedure`; of any other lexicon it makes a trigger that there is not.
fn main_type(json: &str) -> String {
    let document: Value = serde_json::from_str(json).unwrap_or_default();
    let name = document["defs"]["main"]["type"].as_str().unwrap_or("definitions");
    name.chars().take(40).collect()
}
