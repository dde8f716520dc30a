//! Lexicons and events that tests share.

/// A record lexicon.
pub(crate) const STATUS: &str = r#"{
  "lexicon": 1,
  "id": "xyz.statusphere.status",
  "defs": {"main": {"type": "record", "key": "tid", "record": {
    "type": "object",
    "required": ["status", "createdAt"],
    "properties": {
      "status": {"type": "string"},
      "createdAt": {"type": "string", "format": "datetime"}
    }
  }}}
}"#;

/// A query that lists them.
pub(crate) const LIST_STATUSES: &str = r#"{
  "lexicon": 1,
  "id": "xyz.statusphere.listStatuses",
  "defs": {"main": {"type": "query", "parameters": {
    "type": "params",
    "properties": {"limit": {"type": "integer", "minimum": 1, "maximum": 100}}
  }}}
}"#;
