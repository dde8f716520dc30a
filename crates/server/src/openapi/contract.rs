//! What a route promises: the types that go in and come out, as the OpenAPI document needs them.

use std::borrow::Cow;

use http::{HeaderName, StatusCode};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        RefOr,
        path::{Parameter, ParameterIn},
        schema::Schema,
    },
};

use crate::Route;

/// Everything the document says about a route that its method, path, access and summary do not. Types are kept as the
/// functions that describe them, so that routes of all types fit in one table and nothing is built until it is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contract {
    pub(crate) operation_id: Option<&'static str>,
    pub(crate) queries: Vec<fn() -> Vec<Parameter>>,
    pub(crate) path_types: Vec<(&'static str, TypeInfo)>,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<Content>,
    pub(crate) answers: Vec<(StatusCode, Option<Content>)>,
}

/// A header of the request.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) name: HeaderName,
    pub(crate) description: &'static str,
    pub(crate) required: bool,
}

/// A body in either direction.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    /// `application/json`.
    Json(TypeInfo),
    /// `application/json`: an array of these.
    JsonList(TypeInfo),
    /// `application/json`: this or `null`.
    JsonOrNull(TypeInfo),
    /// `multipart/form-data`, files among its fields.
    Form(TypeInfo),
    /// Bytes or text of this media type, which nothing more is said about.
    Opaque(&'static str),
}

/// A type without the type: what it is called, how it looks, which other named types it refers to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeInfo {
    pub(crate) name: fn() -> Cow<'static, str>,
    pub(crate) schema: fn() -> RefOr<Schema>,
    pub(crate) referenced: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl TypeInfo {
    fn of<T: ToSchema>() -> Self {
        Self { name: T::name, schema: <T as PartialSchema>::schema, referenced: T::schemas }
    }
}

/// What the OpenAPI document says about the route. A route is part of the document once it says what it answers. Problems
/// need not be declared: those that the method, the access and the body make possible are added.
impl<S> Route<S> {
    /// Takes the fields of `T` as query parameters.
    #[must_use]
    pub fn query<T: IntoParams>(mut self) -> Self {
        self.contract.queries.push(|| T::into_params(|| Some(ParameterIn::Query)));
        self
    }

    /// The path parameter `name` is a `T`; parameters of which nothing is said are strings.
    #[must_use]
    pub fn path_parameter<T: ToSchema>(mut self, name: &'static str) -> Self {
        self.contract.path_types.push((name, TypeInfo::of::<T>()));
        self
    }

    /// Reads a header that may be absent.
    #[must_use]
    pub fn header(mut self, name: HeaderName, description: &'static str) -> Self {
        self.contract.headers.push(Header { name, description, required: false });
        self
    }

    /// Reads a header that must be there.
    #[must_use]
    pub fn required_header(mut self, name: HeaderName, description: &'static str) -> Self {
        self.contract.headers.push(Header { name, description, required: true });
        self
    }

    /// Takes a JSON body.
    #[must_use]
    pub fn takes<T: ToSchema>(self) -> Self {
        self.takes_content(Content::Json(TypeInfo::of::<T>()))
    }

    /// Takes a body of `multipart/form-data` with the fields of `T`.
    #[must_use]
    pub fn takes_form<T: ToSchema>(self) -> Self {
        self.takes_content(Content::Form(TypeInfo::of::<T>()))
    }

    /// Takes a body of another media type.
    #[must_use]
    pub fn takes_opaque(self, media_type: &'static str) -> Self {
        self.takes_content(Content::Opaque(media_type))
    }

    /// Answers with JSON.
    #[must_use]
    pub fn gives<T: ToSchema>(self, status: StatusCode) -> Self {
        self.gives_content(status, Some(Content::Json(TypeInfo::of::<T>())))
    }

    /// Answers with a JSON array of `T`.
    #[must_use]
    pub fn gives_list<T: ToSchema>(self, status: StatusCode) -> Self {
        self.gives_content(status, Some(Content::JsonList(TypeInfo::of::<T>())))
    }

    /// Answers with JSON: a `T` or `null`.
    #[must_use]
    pub fn gives_or_null<T: ToSchema>(self, status: StatusCode) -> Self {
        self.gives_content(status, Some(Content::JsonOrNull(TypeInfo::of::<T>())))
    }

    /// Answers with another media type, e.g. `text/event-stream`.
    #[must_use]
    pub fn gives_opaque(self, status: StatusCode, media_type: &'static str) -> Self {
        self.gives_content(status, Some(Content::Opaque(media_type)))
    }

    /// Answers without a body: 204, a redirection, a 201 that says nothing more.
    #[must_use]
    pub fn gives_nothing(self, status: StatusCode) -> Self {
        self.gives_content(status, None)
    }

    /// The operation's name for programs, in camel case, unlike any other. Without one it is made of method and path.
    #[must_use]
    pub fn operation_id(mut self, id: &'static str) -> Self {
        self.contract.operation_id = Some(id);
        self
    }

    fn takes_content(mut self, content: Content) -> Self {
        self.contract.body = Some(content);
        self
    }

    fn gives_content(mut self, status: StatusCode, content: Option<Content>) -> Self {
        self.contract.answers.push((status, content));
        self
    }
}
