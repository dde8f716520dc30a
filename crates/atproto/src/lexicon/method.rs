//! What methods are sent, what they answer, and the messages of subscriptions.

use super::check::{Check, full_name, is_like};
use super::data::{Data, Position};
use super::fault::{Fault, Invalid};
use super::schema::{Body, Compiled, Definition, Method, Type};
use super::{Definitions, Verdict};
use crate::excerpt::excerpt;

impl Compiled {
    /// Compares what a procedure is sent with its `input`: the media type, and the body if that is JSON. A method that
    /// declares no input takes anything.
    pub fn check_input<D: Definitions + ?Sized>(
        &self,
        definitions: &D,
        encoding: Option<&str>,
        body: Option<&Data<'_>>,
    ) -> Result<Verdict, Invalid> {
        self.check_body(
            definitions,
            self.main_method().and_then(|method| method.input.as_ref()),
            encoding,
            body,
        )
    }

    /// Compares what a query or a procedure answers with its `output`.
    pub fn check_output<D: Definitions + ?Sized>(
        &self,
        definitions: &D,
        encoding: Option<&str>,
        body: Option<&Data<'_>>,
    ) -> Result<Verdict, Invalid> {
        self.check_body(
            definitions,
            self.main_method().and_then(|method| method.output.as_ref()),
            encoding,
            body,
        )
    }

    /// Compares a message of a subscription with its `message`. `named` is the type from the frame's header, `#commit`;
    /// without it the message says so itself in its `$type`.
    pub fn check_message<D: Definitions + ?Sized>(
        &self,
        definitions: &D,
        named: Option<&str>,
        message: &Data<'_>,
    ) -> Result<Verdict, Invalid> {
        let Some(of) = self.main_method().and_then(|method| method.message.as_ref()) else {
            return Ok(Verdict::default());
        };
        let mut check = Check::new(definitions, message);
        let checked = match (named, of) {
            (Some(named), Type::Union(union)) => {
                let full =
                    if named.starts_with('#') { format!("{}{named}", self.id) } else { named.to_owned() };
                match union.member(full_name(&full)) {
                    Some(member) => check.member(self, member, Position::ROOT),
                    None if union.closed => Fault::new(format!("{:?} is no message of it", excerpt(named))),
                    None => Ok(()),
                }
            }
            _ => check.value(self, of, Position::ROOT),
        };
        checked.map_err(|fault| fault.finish())?;
        Ok(Verdict { unresolved: check.unresolved })
    }

    pub(super) fn main_method(&self) -> Option<&Method> {
        match self.definitions.get("main")? {
            Definition::Method(method) => Some(method),
            _ => None,
        }
    }

    fn check_body<D: Definitions + ?Sized>(
        &self,
        definitions: &D,
        of: Option<&Body>,
        encoding: Option<&str>,
        body: Option<&Data<'_>>,
    ) -> Result<Verdict, Invalid> {
        let Some(of) = of else { return Ok(Verdict::default()) };
        let found = encoding.map(|encoding| encoding.split(';').next().unwrap_or_default().trim());
        // Several may be listed, as the protocol once had it.
        let is_expected = |found: &str| of.encoding.split(',').any(|pattern| is_like(found, pattern.trim()));
        if let Some(found) = found.filter(|found| !is_expected(found)) {
            let problem = format!("must be {}, but it is {:?}", excerpt(&of.encoding), excerpt(found));
            return Err(Invalid { path: "encoding".to_owned(), problem });
        }
        let Some(schema) = &of.schema else { return Ok(Verdict::default()) };
        let Some(body) = body else {
            return Err(Invalid { path: "/".to_owned(), problem: "a body is required".to_owned() });
        };
        let mut check = Check::new(definitions, body);
        check.value(self, schema, Position::ROOT).map_err(|fault| fault.finish())?;
        Ok(Verdict { unresolved: check.unresolved })
    }
}
