//! One member of `Signature-Input`.

use sfv::{BareItem, FieldType as _, ListEntry, Parameters};

use crate::signature::{MAX_COVERED, SignatureError};

/// What a signature covers, and what it says of itself.
#[derive(Debug)]
pub(super) struct Input {
    /// In the order of the lines, each once.
    pub(super) components: Vec<String>,
    /// List and parameters as the signature covers them.
    pub(super) parameters: String,
    pub(super) key_id: Option<String>,
    pub(super) algorithm: Option<String>,
    pub(super) created: Option<i64>,
    pub(super) expires: Option<i64>,
    pub(super) tag: Option<String>,
}

impl Input {
    pub(super) fn parse(entry: ListEntry) -> Result<Self, SignatureError> {
        let malformed = |what: &str| SignatureError::Malformed(what.to_owned());
        let ListEntry::InnerList(list) = &entry else { return Err(malformed("its input is no list")) };
        let mut components: Vec<String> = Vec::with_capacity(list.items.len());
        for item in &list.items {
            let BareItem::String(name) = &item.bare_item else {
                return Err(malformed("a component has no name"));
            };
            let name = name.as_str();
            if !item.params.is_empty() {
                return Err(malformed("components with parameters are not known here"));
            }
            let known = components.iter().any(|known| known == name);
            if known || components.len() == MAX_COVERED || name.bytes().any(|byte| byte.is_ascii_uppercase())
            {
                return Err(malformed("it covers too much, something twice, or a name in upper case"));
            }
            components.push(name.to_owned());
        }
        let (key_id, algorithm, tag) =
            (text(&list.params, "keyid")?, text(&list.params, "alg")?, text(&list.params, "tag")?);
        let (created, expires) = (number(&list.params, "created")?, number(&list.params, "expires")?);
        let parameters = vec![entry].serialize().ok_or_else(|| malformed("its input is empty"))?;
        Ok(Self { components, parameters, key_id, algorithm, created, expires, tag })
    }

    pub(super) fn covers(&self, name: &str) -> bool {
        self.components.iter().any(|covered| covered == name)
    }
}

fn text(parameters: &Parameters, name: &str) -> Result<Option<String>, SignatureError> {
    match parameters.get(name) {
        None => Ok(None),
        Some(BareItem::String(text)) => Ok(Some(text.as_str().to_owned())),
        Some(_) => Err(SignatureError::Malformed(format!("{name} is not a string"))),
    }
}

fn number(parameters: &Parameters, name: &str) -> Result<Option<i64>, SignatureError> {
    match parameters.get(name) {
        None => Ok(None),
        Some(BareItem::Integer(number)) => Ok(Some((*number).into())),
        Some(_) => Err(SignatureError::Malformed(format!("{name} is not a whole number"))),
    }
}

/// List and parameters of a signature that is made here.
pub(in crate::signature) fn write(
    components: &[&str],
    created: u64,
    key_id: &str,
    algorithm: &str,
) -> String {
    let names: Vec<String> = components.iter().map(|name| format!("\"{name}\"")).collect();
    format!("({});created={created};keyid=\"{key_id}\";alg=\"{algorithm}\"", names.join(" "))
}
