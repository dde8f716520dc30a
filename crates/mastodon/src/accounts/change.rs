//! `PATCH /api/v1/accounts/update_credentials`: somebody changes their profile.

use axum::extract::State;
use clock::now_micros;
use server::{Json, Problem};
use social::media::{Picture, Size};
use social::users::{self, Changes};
use social::{Id, Told};

use super::defaults::Defaults;
use super::own;
use super::show::find;
use crate::caller::Me;
use crate::entities::{Account, visibility};
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::services::Services;
use crate::told::Telling;

/// Lines of a profile.
const MAX_FIELDS: usize = 4;

pub(super) async fn change(
    State(services): State<Services>,
    Me(me): Me,
    fields: Fields,
) -> Result<Json<Account>, Problem> {
    let mut changes = changes(&fields);
    changes.avatar_url = picture(&services, me, &fields, "avatar", Size::AVATAR).await?;
    changes.header_url = picture(&services, me, &fields, "header", Size::BANNER).await?;
    let defaults = new_defaults(&fields)?;
    let (addresses, now) = (services.addresses().clone(), now_micros());
    let done = services.social.change(move |conn| {
        let old = users::update(conn, now, &addresses, me, &changes)?;
        let before = Defaults::read(conn, me)?;
        defaults.clone().over(before).write(conn, me)?;
        Ok((own::read(conn, &addresses, me)?, old))
    });
    let (account, old) = done.await.map_err(Refusal::from)?;
    for path in old {
        // Nothing leads to it any more; what stays takes room only.
        if let Err(error) = services.media.remove(&path).await {
            tracing::debug!(%error, "a picture that nobody shows is still there");
        }
    }
    Telling::default().and(Told::Changed { user_id: me.0 }).tell(&services.social).await;
    Ok(Json(account))
}

fn changes(fields: &Fields) -> Changes {
    let text = |name| fields.text(name).map(str::to_owned);
    let line = |at| {
        let part = |inner| fields.numbered("fields_attributes", at, inner).map(|text| text.trim().to_owned());
        let (name, value) = (part("name")?, part("value")?);
        (!name.is_empty()).then_some(users::Field { name, value })
    };
    // Forms count lines from wherever they like.
    let lines = || (0..MAX_FIELDS * 2).filter_map(line).collect();
    Changes {
        display_name: text("display_name"),
        bio: text("note"),
        profile_fields: fields.mentions("fields_attributes").then(lines),
        manually_approves_followers: fields.flag("locked"),
        ..Changes::default()
    }
}

/// Where a picture is that came with the request; nothing if none did.
async fn picture(
    services: &Services,
    me: Id,
    fields: &Fields,
    name: &str,
    size: Size,
) -> Result<Option<String>, Refusal> {
    let Some(content) = fields.file(name) else { return Ok(None) };
    if content.len() > services.social.config().upload_max_bytes {
        return Err(Refusal::invalid(format!("{name} is too large")));
    }
    let picture = Picture::read(content.clone(), size).await?;
    let owner = services.social.ask(move |conn| find(conn, me)).await?;
    let owner = owner.uuid.parse().map_err(|_| Refusal::NotFound)?;
    let path =
        services.media.put(owner, if name == "avatar" { "avatar" } else { "banner" }, &picture).await?;
    Ok(Some(format!("/media/{path}")))
}

/// What is said of what clients begin with.
#[derive(Clone)]
struct New {
    privacy: Option<String>,
    sensitive: Option<bool>,
    language: Option<String>,
}

fn new_defaults(fields: &Fields) -> Result<New, Refusal> {
    let privacy = fields.filled("source[privacy]").map(str::to_owned);
    if privacy.as_deref().is_some_and(|name| visibility(name).is_none()) {
        return Err(Refusal::invalid("source[privacy] is no visibility"));
    }
    let language = fields.text("source[language]").map(|text| text.chars().take(35).collect());
    Ok(New { privacy, sensitive: fields.flag("source[sensitive]"), language })
}

impl New {
    fn over(self, before: Defaults) -> Defaults {
        Defaults {
            privacy: self.privacy.unwrap_or(before.privacy),
            sensitive: self.sensitive.unwrap_or(before.sensitive),
            language: self
                .language
                .map_or(before.language, |language| Some(language).filter(|it| !it.is_empty())),
        }
    }
}
