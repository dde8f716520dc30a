//! One route as an operation of the document.

use http::Method;
use utoipa::openapi::{
    ContentBuilder, HttpMethod, RefOr, Required, ResponseBuilder, Responses, ResponsesBuilder,
    extensions::ExtensionsBuilder,
    path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::{ObjectBuilder, Schema, SchemaType, Type},
};

use super::{
    contract::{Content, Header},
    paths, problems,
    schemas::Schemas,
    security,
};
use crate::{Error, Mount, Route};

/// A route with the app that has it, and the mount whose rules hold for it.
pub(super) struct Described<'a> {
    pub(super) app: &'static str,
    pub(super) route: &'a Route,
    pub(super) mount: &'a Mount,
}

impl Described<'_> {
    pub(super) fn method(&self) -> HttpMethod {
        match self.route.method {
            Method::POST => HttpMethod::Post,
            Method::PUT => HttpMethod::Put,
            Method::PATCH => HttpMethod::Patch,
            Method::DELETE => HttpMethod::Delete,
            // The constructors of a route know no others.
            _ => HttpMethod::Get,
        }
    }

    pub(super) fn operation(&self, schemas: &mut Schemas) -> Result<Operation, Error> {
        let Route { method, path, access, summary, contract, .. } = self.route;
        let id = contract.operation_id.map(str::to_owned);
        let mut operation = OperationBuilder::new()
            .operation_id(Some(id.unwrap_or_else(|| paths::operation_id(method.as_str(), path))))
            .tag(paths::tag(path, self.app))
            .summary(Some(*summary))
            .parameters(Some(self.parameters(schemas)?).filter(|parameters| !parameters.is_empty()))
            .securities(security::requirements(*access, self.mount.credentials));
        if let Some(content) = contract.body {
            operation = operation.request_body(Some(request_body(content, schemas)?));
        }
        let permissions: Vec<&str> =
            access.permissions().iter().map(|permission| permission.name()).collect();
        if !permissions.is_empty() {
            let extensions = ExtensionsBuilder::new().add("x-permissions", permissions).build();
            operation = operation.extensions(Some(extensions));
        }
        Ok(operation.responses(self.responses(schemas)?).build())
    }

    /// Of the path, then the query string, then the headers.
    fn parameters(&self, schemas: &mut Schemas) -> Result<Vec<Parameter>, Error> {
        let Route { path, contract, .. } = self.route;
        let names: Vec<&str> = paths::parameters(path).collect();
        if let Some((name, _)) = contract.path_types.iter().find(|(name, _)| !names.contains(name)) {
            return Err(Error::UnknownPathParameter { path, name });
        }
        let mut parameters = Vec::new();
        for name in names {
            let schema = match contract.path_types.iter().find(|(typed, _)| *typed == name) {
                Some((_, info)) => schemas.of_type(*info)?,
                None => ObjectBuilder::new().schema_type(Type::String).into(),
            };
            let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path);
            parameters.push(parameter.required(Required::True).schema(Some(schema)).build());
        }
        parameters.extend(contract.queries.iter().flat_map(|query| query()).map(absent_or_there));
        parameters.extend(contract.headers.iter().map(header));
        Ok(parameters)
    }

    fn responses(&self, schemas: &mut Schemas) -> Result<Responses, Error> {
        let mut responses = ResponsesBuilder::new();
        for (status, problem) in problems::of(self) {
            responses = responses.response(status, problem);
        }
        for (status, content) in &self.route.contract.answers {
            let mut response =
                ResponseBuilder::new().description(status.canonical_reason().unwrap_or_default());
            if let Some(content) = content {
                let (media_type, schema) = schemas.of_content(*content)?;
                response = response.content(media_type, ContentBuilder::new().schema(schema).build());
            }
            responses = responses.response(status.as_str(), response.build());
        }
        Ok(responses.build())
    }
}

fn request_body(content: Content, schemas: &mut Schemas) -> Result<RequestBody, Error> {
    let (media_type, schema) = schemas.of_content(content)?;
    let content = ContentBuilder::new().schema(schema).build();
    Ok(RequestBodyBuilder::new().content(media_type, content).required(Some(Required::True)).build())
}

/// An optional parameter of a query string can be left out but has no way to say `null`.
fn absent_or_there(mut parameter: Parameter) -> Parameter {
    if let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema
        && let SchemaType::Array(types) = &mut object.schema_type
    {
        types.retain(|each| *each != Type::Null);
        if let [only] = types.as_slice() {
            object.schema_type = SchemaType::Type(only.clone());
        }
    }
    parameter
}

fn header(header: &Header) -> Parameter {
    ParameterBuilder::new()
        .name(header.name.as_str())
        .parameter_in(ParameterIn::Header)
        .description(Some(header.description))
        .required(if header.required { Required::True } else { Required::False })
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}
