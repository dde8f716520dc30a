//! Objects: their fields, and which of them must be there.

use super::Check;
use crate::lexicon::Definitions;
use crate::lexicon::data::{Kind, Position};
use crate::lexicon::fault::{Checked, Fault};
use crate::lexicon::schema::{Compiled, Object};

impl<'d, D: Definitions + ?Sized> Check<'d, D> {
    /// What the type does not name may be anything: objects are open.
    pub(super) fn object(&mut self, own: &'d Compiled, of: &'d Object, at: Position) -> Checked {
        let data = self.data;
        if !matches!(data.kind(at), Kind::Object) {
            return Fault::type_of("an object", data.kind(at).noun());
        }
        let mut seen = Seen::new(of.required);
        for (name, field) in data.fields(at) {
            let Some(property) = of.property(name) else { continue };
            seen.mark(property.required);
            if property.nullable && matches!(data.kind(field), Kind::Null) {
                continue;
            }
            self.value(own, &property.of, field).map_err(|fault| fault.in_field(name))?;
        }
        if seen.has_all() {
            return Ok(());
        }
        let missing = of.properties.iter().find(|property| seen.lacks(property.required));
        match missing {
            Some(missing) => Fault::new("is required").map_err(|fault| fault.in_field(&missing.name)),
            None => Ok(()),
        }
    }
}

/// Which of the required fields were there.
enum Seen {
    Few { mask: u64, all: u64 },
    Many(Vec<bool>),
}

impl Seen {
    fn new(required: usize) -> Self {
        match u32::try_from(required) {
            Ok(required) if required < u64::BITS => Self::Few { mask: 0, all: (1 << required) - 1 },
            _ => Self::Many(vec![false; required]),
        }
    }

    fn mark(&mut self, required: Option<usize>) {
        let Some(number) = required else { return };
        match self {
            Self::Few { mask, .. } => *mask |= 1 << number,
            Self::Many(seen) => seen[number] = true,
        }
    }

    fn has_all(&self) -> bool {
        match self {
            Self::Few { mask, all } => mask == all,
            Self::Many(seen) => !seen.contains(&false),
        }
    }

    fn lacks(&self, required: Option<usize>) -> bool {
        required.is_some_and(|number| match self {
            Self::Few { mask, .. } => mask & (1 << number) == 0,
            Self::Many(seen) => !seen[number],
        })
    }
}
