//! `POST /api/v1/statuses`: somebody writes.

use axum::extract::State;
use clock::now_micros;
use http::HeaderMap;
use server::{Json, Problem};
use social::thoughts::{self, NewThought};
use social::{Id, Told};

use super::once::{Before, Once};
use super::written::Written;
use crate::accounts::{Defaults, find};
use crate::caller::Me;
use crate::entities::{Status, meant, status, visibility};
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::services::Services;
use crate::told::Telling;

pub(super) async fn create(
    State(services): State<Services>,
    Me(me): Me,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Json<Status>, Problem> {
    let once = Once::new(&services.cache, &headers, me);
    let id = match once.begin().await? {
        Before::Done(id) => id,
        Before::Nothing => match write(&services, me, &fields).await {
            Ok(id) => {
                once.done(id).await;
                id
            }
            Err(refusal) => {
                once.failed().await;
                return Err(refusal.into());
            }
        },
    };
    let addresses = services.addresses().clone();
    let written = services.social.ask(move |conn| status(conn, &addresses, Some(me), id)).await;
    Ok(Json(written.map_err(Refusal::from)?.ok_or(Refusal::NotFound)?))
}

async fn write(services: &Services, me: Id, fields: &Fields) -> Result<Id, Refusal> {
    let defaults = Defaults::of(services.state(), me).await?;
    let written = Written::read(fields, &defaults)?;
    let pictures = written.pictures.as_ref().map_or(0, Vec::len);
    Written::check(&written.content, services.social.config().max_characters, pictures)?;
    let (addresses, now) = (services.addresses().clone(), now_micros());
    let usual = visibility(&defaults.privacy);
    let created = services.social.change(move |conn| {
        let author = find(conn, me)?;
        let parent = match written.parent {
            Some(id) => Some(meant(conn, Some(me), id)?.ok_or(social::Error::NotFound("status"))?),
            None => None,
        };
        // A reply is as visible as what it answers, unless its author says otherwise.
        let visibility = written.visibility.or_else(|| usual.filter(|_| parent.is_none()));
        let new = NewThought {
            content: written.content.clone(),
            in_reply_to: parent,
            visibility,
            attachments: written.pictures.clone().unwrap_or_default(),
        };
        thoughts::create(conn, now, &addresses, &author, &new)
    });
    let created = created.await?;
    let told = Told::Thought { id: created.id.0, user_id: me.0 };
    Telling::default().and(told).notified(created.notified).tell(&services.social).await;
    Ok(created.id)
}
