//! What an NSID itself stands for: collections, methods, sets of permissions.

use serde_json::Value;

use super::Compiler;
use crate::RecordKey;
use crate::excerpt::excerpt;
use crate::lexicon::schema::{Body, KeyType, Method, Object, Record, Type};

impl Compiler<'_> {
    pub(super) fn record(&mut self, of: &Value) -> Record {
        let key = match self.text(of, "key") {
            Some(key) => self.key_type(key),
            None => {
                if of.get("key").is_none() {
                    self.odd("has no `key`, which says what the keys of its records are");
                }
                KeyType::Any
            }
        };
        let object = self.inside("record", |compiler| match of.get("record") {
            Some(record) if record["type"] == "object" => {
                Type::Object(Box::new(compiler.object_type(record)))
            }
            _ => compiler.unreadable("must have the type `object`"),
        });
        Record { key, object }
    }

    fn key_type(&mut self, key: &str) -> KeyType {
        match key {
            "any" => KeyType::Any,
            "tid" => KeyType::Tid,
            "nsid" => KeyType::Nsid,
            _ => match key.strip_prefix("literal:").filter(|literal| RecordKey::parse(literal).is_ok()) {
                Some(literal) => KeyType::Literal(literal.into()),
                None => {
                    let key = excerpt(key);
                    self.unreadable(&format!(
                        "has the `key` `{key}`, which is none of tid, nsid, any and literal:…"
                    ));
                    KeyType::Any
                }
            },
        }
    }

    pub(super) fn method(&mut self, kind: &str, of: &Value) -> Method {
        let parameters = of
            .get("parameters")
            .map(|parameters| self.inside("parameters", |compiler| compiler.parameters(parameters)));
        let mut method = Method { parameters, ..Method::default() };
        if kind == "procedure" {
            method.input = self.body(of, "input");
        } else if of.get("input").is_some() {
            self.odd(&format!("has an `input`, which a {kind} has not"));
        }
        if kind == "subscription" {
            let schema = of.get("message").and_then(|message| message.get("schema"));
            method.message = schema.map(|schema| {
                self.inside("message", |compiler| {
                    if schema["type"] != "union" {
                        compiler.odd("must be a union");
                    }
                    compiler.type_of(schema)
                })
            });
        } else {
            method.output = self.body(of, "output");
        }
        self.errors(of);
        method
    }

    fn parameters(&mut self, of: &Value) -> Object {
        if of["type"] != "params" {
            self.odd("must have the type `params`");
        }
        let mut object = self.object_type(of);
        for property in &mut object.properties {
            let of = match &property.of {
                Type::Array(array) => &array.items,
                of => of,
            };
            let is_plain =
                matches!(of, Type::Anything | Type::Boolean { .. } | Type::Integer(_) | Type::Text(_));
            if !is_plain && !matches!(of, Type::Unknown) {
                let what = "is no boolean, integer or string, nor a list of one of these";
                property.of = self.inside(&property.name, |compiler| compiler.unreadable(what));
            }
        }
        object
    }

    fn body(&mut self, of: &Value, name: &str) -> Option<Body> {
        let body = of.get(name)?;
        self.inside(name, |compiler| {
            let encoding = compiler.text(body, "encoding");
            if encoding.is_none() && body.get("encoding").is_none() {
                compiler.odd("has no `encoding`");
            }
            let schema = body.get("schema").map(|schema| {
                compiler.inside("schema", |compiler| {
                    let kind = schema["type"].as_str();
                    if kind.is_some_and(|kind| !["object", "ref", "union"].contains(&kind)) {
                        compiler.odd("is no object, ref or union");
                    }
                    compiler.type_of(schema)
                })
            });
            Some(Body { encoding: encoding.unwrap_or("*/*").into(), schema })
        })
    }

    fn errors(&mut self, of: &Value) {
        let Some(errors) = of.get("errors") else { return };
        let is_named = |error: &Value| {
            error["name"].as_str().is_some_and(|name| !name.is_empty() && !name.contains(char::is_whitespace))
        };
        if !errors.as_array().is_some_and(|errors| errors.iter().all(is_named)) {
            self.odd("has `errors` that are no list of objects with a `name`");
        }
    }

    pub(super) fn permission_set(&mut self, of: &Value) {
        let Some(permissions) = of["permissions"].as_array() else {
            self.unreadable("has no list of `permissions`");
            return;
        };
        for (number, permission) in permissions.iter().enumerate() {
            let member = format!("permissions[{number}]");
            self.inside(&member, |compiler| {
                if permission["type"] != "permission" {
                    compiler.odd("must have the type `permission`");
                }
                match permission["resource"].as_str() {
                    Some("repo" | "rpc") => {}
                    Some(_) => compiler.odd("is about a `resource` that sets cannot grant: repo and rpc can"),
                    None => compiler.odd("has no `resource`"),
                }
            });
        }
    }
}
