//! `/social/reports` and `/social/admin`.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Path, Problem, Query, Route};
use store::{Conn, v};
use utoipa::ToSchema;

use super::{Measure, NewReport, Rule, remove_rule, report, role, set_rule};
use crate::auth::{ADMINISTER, MODERATE};
use crate::relations::names_of_domain;
use crate::services::Services;
use crate::users::{UserView, by_row};
use crate::wire::{Me, Paging, instant};
use crate::{Error, Told};

/// Reports of one person at once, and per second: twenty an hour.
const REPORTS: (u32, f64) = (20, 20.0 / 3600.0);

type Done = Result<StatusCode, Problem>;
const DONE: Done = Ok(StatusCode::NO_CONTENT);

pub(crate) fn routes() -> Vec<Route<Services>> {
    let nothing = |route: Route<Services>| route.gives_nothing(StatusCode::NO_CONTENT);
    let (suspend, silence) =
        ("/social/admin/users/{username}/suspend", "/social/admin/users/{username}/silence");
    let domains = "/social/admin/domain-blocks";
    vec![
        nothing(Route::post("/social/reports", Access::Authenticated, "Report somebody", file))
            .takes::<ReportForm>(),
        Route::get("/social/admin/reports", MODERATE, "Reports that nobody has answered", reports)
            .query::<Paging>()
            .gives_list::<ReportView>(StatusCode::OK),
        nothing(Route::post("/social/admin/reports/{id}/resolve", MODERATE, "Answer a report", resolve)),
        nothing(Route::post(suspend, MODERATE, "Take somebody off", do_suspend)),
        nothing(Route::delete(suspend, MODERATE, "End that", end_suspend)),
        nothing(Route::post(silence, MODERATE, "Take somebody out of lists of everybody", do_silence)),
        nothing(Route::delete(silence, MODERATE, "End that", end_silence)),
        nothing(Route::put(
            "/social/admin/users/{username}/role",
            ADMINISTER,
            "Say what somebody may do",
            set_role,
        ))
        .takes::<Role>(),
        Route::get(domains, ADMINISTER, "The rules about other hosts", list_rules)
            .gives_list::<RuleView>(StatusCode::OK),
        nothing(Route::post(
            domains,
            ADMINISTER,
            "Make a rule about a host; suspending ends follows",
            add_rule,
        ))
        .takes::<NewRule>(),
        nothing(Route::delete("/social/admin/domain-blocks/{domain}", ADMINISTER, "End a rule", end_rule)),
    ]
}

/// About whom, and why.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewSocialReport)]
struct ReportForm {
    username: String,
    #[serde(default)]
    thought_ids: Vec<String>,
    #[serde(default)]
    category: String,
    #[serde(default)]
    comment: String,
}

async fn file(State(services): State<Services>, Me(me): Me, Json(form): Json<ReportForm>) -> Done {
    accounts::limits::draw(services.cache(), &format!("social:reports:{me}"), REPORTS).await?;
    let target = services.somebody(&form.username).await?.id;
    let now = clock::now_micros();
    let new = NewReport {
        reporter: Some(me),
        target,
        thoughts: form.thought_ids,
        category: form.category,
        comment: form.comment,
        activity_id: None,
    };
    services.change(move |conn| report(conn, now, &new)).await?;
    DONE
}

/// A report.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialReport)]
struct ReportView {
    id: String,
    /// Nobody, if it came from another server.
    reporter: Option<UserView>,
    target: Option<UserView>,
    thought_ids: Vec<String>,
    category: String,
    comment: String,
    created_at: String,
}

async fn reports(
    State(services): State<Services>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<ReportView>>, Problem> {
    let (addresses, limit, offset) = (services.addresses().clone(), paging.limit(), paging.offset()?);
    let sql =
        "SELECT uuid, reporter_id, target_id, thoughts, category, comment, created_at FROM social_reports
               WHERE resolved_at IS NULL ORDER BY id LIMIT $1 OFFSET $2";
    let reports = services.ask(move |conn| {
        let rows = conn.query(sql, &[v(limit), v(offset)], |row| {
            let view = ReportView {
                id: row.string(0)?,
                reporter: None,
                target: None,
                thought_ids: serde_json::from_str(row.text(3)?)?,
                category: row.string(4)?,
                comment: row.string(5)?,
                created_at: instant(row.int(6)?),
            };
            Ok::<_, Error>((row.opt_int(1)?, row.int(2)?, view))
        })?;
        let people: Vec<i64> = rows.iter().flat_map(|(by, of, _)| by.iter().copied().chain([*of])).collect();
        let people = by_row(conn, &addresses, None, &people)?;
        let with_people = |(by, of, view): (Option<i64>, i64, ReportView)| ReportView {
            reporter: by.and_then(|by| people.get(&by).cloned()),
            target: people.get(&of).cloned(),
            ..view
        };
        Ok::<_, Error>(rows.into_iter().map(with_people).collect())
    });
    Ok(Json(reports.await?))
}

async fn resolve(State(services): State<Services>, Path(id): Path<String>) -> Done {
    let now = clock::now_micros();
    let sql = "UPDATE social_reports SET resolved_at = $2 WHERE uuid = $1 AND resolved_at IS NULL";
    let resolved = services.change(move |conn| Ok(conn.execute(sql, &[v(&id), v(now)])?)).await?;
    if resolved == 0 { Err(Error::NotFound("report").into()) } else { DONE }
}

async fn measure(services: &Services, name: &str, measure: Measure) -> Done {
    let user = services.whoever(name).await?;
    let (id, now) = (user.id, clock::now_micros());
    services.change(move |conn| measure.apply(conn, now, &user)).await?;
    services.live().tell(&Told::Changed { user_id: id.0 }).await;
    DONE
}

async fn do_suspend(State(services): State<Services>, Path(name): Path<String>) -> Done {
    measure(&services, &name, Measure::Suspend).await
}

async fn end_suspend(State(services): State<Services>, Path(name): Path<String>) -> Done {
    measure(&services, &name, Measure::Unsuspend).await
}

async fn do_silence(State(services): State<Services>, Path(name): Path<String>) -> Done {
    measure(&services, &name, Measure::Silence).await
}

async fn end_silence(State(services): State<Services>, Path(name): Path<String>) -> Done {
    measure(&services, &name, Measure::Unsilence).await
}

/// `user`, `moderator` or `admin`.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialRole)]
struct Role {
    role: String,
}

async fn set_role(State(services): State<Services>, Path(name): Path<String>, Json(new): Json<Role>) -> Done {
    let user = services.somebody(&name).await?;
    services.change(move |conn| role(conn, user.id, &new.role)).await?;
    DONE
}

/// A rule about a host and those below it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialDomainRuleView)]
struct RuleView {
    domain: String,
    rule: String,
    reason: Option<String>,
    created_at: String,
}

async fn list_rules(State(services): State<Services>) -> Result<Json<Vec<RuleView>>, Problem> {
    let sql = "SELECT domain, rule, reason, created_at FROM social_domains ORDER BY domain";
    let rules = services.ask(move |conn| {
        conn.query(sql, &[], |row| {
            Ok::<_, Error>(RuleView {
                domain: row.string(0)?,
                rule: row.string(1)?,
                reason: row.opt_text(2)?.map(str::to_owned),
                created_at: instant(row.int(3)?),
            })
        })
    });
    Ok(Json(rules.await?))
}

/// A rule to make.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSocialDomainRule)]
struct NewRule {
    domain: String,
    reason: Option<String>,
    #[serde(default)]
    rule: Rule,
}

async fn add_rule(State(services): State<Services>, Json(new): Json<NewRule>) -> Done {
    let domain = crate::relations::domain(services.addresses(), &new.domain)?;
    let now = clock::now_micros();
    services.change(move |conn| set_rule(conn, now, &domain, new.rule, new.reason.as_deref())).await?;
    DONE
}

fn end_first(conn: &mut Conn<'_>, names: &[String]) -> Result<(), Error> {
    for name in names {
        match remove_rule(conn, name) {
            Err(Error::NotFound(_)) => {}
            ended => return ended,
        }
    }
    Err(Error::NotFound("domain"))
}

async fn end_rule(State(services): State<Services>, Path(domain): Path<String>) -> Done {
    let names = names_of_domain(services.addresses(), &domain);
    services.change(move |conn| end_first(conn, &names)).await?;
    DONE
}
