//! `POST /admin/users`.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Json, Problem};
use utoipa::ToSchema;

use super::subject;
use crate::{Accounts, Actor, users::NewUser};

/// Somebody to add, with what the template and the list grant together.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewUser)]
pub(crate) struct Create {
    /// A DID, or a handle that leads to one.
    did: String,
    template: Option<Template>,
    permissions: Option<Vec<String>>,
}

/// A set of permissions for a common role.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TemplateKey)]
pub(crate) enum Template {
    Viewer,
    Operator,
    Manager,
    FullAccess,
}

/// Somebody who was added.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedUser)]
pub(crate) struct Created {
    id: String,
    #[schema(required)]
    did: Option<String>,
    is_super: bool,
    permissions: Vec<&'static str>,
}

pub(super) async fn create(
    State(accounts): State<Accounts>,
    actor: Actor,
    Json(new): Json<Create>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let new = NewUser {
        did: subject::named(&accounts, &new.did).await?,
        template: new.template.map(|template| template.key().to_owned()),
        permissions: new.permissions.unwrap_or_default(),
    };
    let user = accounts.users.create(&actor, new).await?;
    let created = Created {
        id: user.id,
        did: user.did,
        is_super: user.is_super,
        permissions: user.permissions.iter().map(|permission| permission.name()).collect(),
    };
    Ok((StatusCode::CREATED, Json(created)))
}

impl Template {
    const fn key(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Manager => "manager",
            Self::FullAccess => "full_access",
        }
    }
}
