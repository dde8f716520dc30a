//! Records, compared with the lexicon of their collection.

use super::check::Check;
use super::data::{Data, Position};
use super::fault::{Checked, Fault, Invalid};
use super::schema::{Compiled, Definition, KeyType};
use super::{Definitions, Verdict};
use crate::excerpt::excerpt;
use crate::{Nsid, Tid};

impl Compiled {
    /// Compares a record of this collection, and its key, with `main`. A lexicon that is about no collection has nothing
    /// to say.
    pub fn check_record<D: Definitions + ?Sized>(
        &self,
        definitions: &D,
        key: Option<&str>,
        data: &Data<'_>,
    ) -> Result<Verdict, Invalid> {
        let Some(Definition::Record(record)) = self.definitions.get("main") else {
            return Ok(Verdict::default());
        };
        if let Some(key) = key {
            check_key(&record.key, key)?;
        }
        let mut check = Check::new(definitions, data);
        self.check_type(data)
            .and_then(|()| check.value(self, &record.object, Position::ROOT))
            .map_err(|fault| fault.finish())?;
        Ok(Verdict { unresolved: check.unresolved })
    }

    /// A record says itself which collection it is of.
    fn check_type(&self, data: &Data<'_>) -> Checked {
        let Some(named) = data.field(Position::ROOT, "$type") else {
            // What is no object is told so by the comparison with its type.
            return if data.fields(Position::ROOT).next().is_some() {
                Fault::new("is required").map_err(|fault| fault.in_field("$type"))
            } else {
                Ok(())
            };
        };
        match data.text(named) {
            Some(named) if named == self.id.as_str() => Ok(()),
            _ => {
                Fault::new(format!("must be {:?}", self.id.as_str())).map_err(|fault| fault.in_field("$type"))
            }
        }
    }
}

fn check_key(of: &KeyType, key: &str) -> Result<(), Invalid> {
    let expected = match of {
        KeyType::Tid if Tid::parse(key).is_err() => "a TID".to_owned(),
        KeyType::Nsid if Nsid::parse(key).is_err() => "an NSID".to_owned(),
        KeyType::Literal(literal) if **literal != *key => format!("{:?}", excerpt(literal)),
        _ => return Ok(()),
    };
    let problem = format!("must be {expected}, but it is {:?}", excerpt(key));
    Err(Invalid { path: "record key".to_owned(), problem })
}
