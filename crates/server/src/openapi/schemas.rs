//! The named types of the document, each of them once.

use std::collections::{BTreeMap, btree_map::Entry};

use utoipa::openapi::{
    Array, Ref, RefOr,
    schema::{AnyOfBuilder, ObjectBuilder, Schema, SchemaType, Type},
};

use super::{
    contract::{Content, TypeInfo},
    problems,
};
use crate::Error;

/// Collects what is referred to.
pub(super) struct Schemas(BTreeMap<String, RefOr<Schema>>);

impl Schemas {
    /// With the shape of problems, which every route refers to.
    pub(super) fn new() -> Self {
        Self(BTreeMap::from([(problems::ERROR.to_owned(), problems::schema())]))
    }

    pub(super) fn into_map(self) -> BTreeMap<String, RefOr<Schema>> {
        self.0
    }

    /// The media type and the schema of a body.
    pub(super) fn of_content(
        &mut self,
        content: Content,
    ) -> Result<(&'static str, Option<RefOr<Schema>>), Error> {
        const JSON: &str = "application/json";
        Ok(match content {
            Content::Json(info) => (JSON, Some(self.of_type(info)?)),
            Content::JsonList(info) => (JSON, Some(Array::new(self.of_type(info)?).into())),
            Content::JsonOrNull(info) => (JSON, Some(or_null(self.of_type(info)?))),
            Content::Form(info) => ("multipart/form-data", Some(self.of_type(info)?)),
            Content::Opaque(media_type) => (media_type, None),
        })
    }

    /// A reference to a type, or, of a type without members, its schema.
    pub(super) fn of_type(&mut self, info: TypeInfo) -> Result<RefOr<Schema>, Error> {
        let mut named = Vec::new();
        (info.referenced)(&mut named);
        let name = (info.name)().into_owned();
        let schema = (info.schema)();
        let is_simple = is_simple(&schema);
        if !is_simple {
            named.push((name.clone(), schema.clone()));
        }
        for (name, schema) in named {
            self.insert(name, schema)?;
        }
        Ok(if is_simple { schema } else { RefOr::Ref(Ref::from_schema_name(name)) })
    }

    fn insert(&mut self, name: String, schema: RefOr<Schema>) -> Result<(), Error> {
        match self.0.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(schema);
            }
            Entry::Occupied(entry) if *entry.get() == schema => {}
            Entry::Occupied(entry) => return Err(Error::SchemaNamedTwice { name: entry.key().clone() }),
        }
        Ok(())
    }
}

/// Whether a schema is as short as a reference to it.
fn is_simple(schema: &RefOr<Schema>) -> bool {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.schema_type != SchemaType::Type(Type::Object) && object.enum_values.is_none()
        }
        _ => false,
    }
}

fn or_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    let null = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null));
    AnyOfBuilder::new().item(schema).item(null).into()
}
