//! The repository hosts: which method, about whom, and whether there is anything to be had.

mod list_records;
mod repo;
mod sync;

use std::sync::MutexGuard;

use serde_json::{Value, json};

use super::account::{Account, Former, State};
use super::query::Query;
use super::reply::Reply;
use super::world::World;
use super::{Lie, Standing};

/// A request to a host.
pub(super) struct Request<'r> {
    pub(super) host: usize,
    pub(super) method: &'r str,
    /// As it came.
    pub(super) raw_query: &'r str,
    pub(super) lie: Option<Lie>,
}

/// Answers any XRPC method.
pub(super) fn reply(world: &World, request: &Request<'_>) -> Reply {
    let query = Query::parse(request.raw_query);
    match request.method {
        "_health" => Reply::json(&json!({ "version": "simulated" })),
        "com.atproto.sync.listRepos" => list_repos(world, request, &query).unwrap_or_else(|reply| reply),
        _ => about_one(world, request, &query).unwrap_or_else(|reply| reply),
    }
}

/// A method about one repository: the parameter that names it, and how it is answered.
type Method = (&'static str, fn(&mut Asked<'_>, &Query) -> Result<Reply, Reply>);

/// The methods about one repository, whose answers are kept until its next commit.
fn about_one(world: &World, request: &Request<'_>, query: &Query) -> Result<Reply, Reply> {
    let method = request.method;
    let (parameter, answer): Method = match method {
        "com.atproto.repo.listRecords" => ("repo", list_records::answer),
        "com.atproto.repo.getRecord" => ("repo", repo::get_record),
        "com.atproto.repo.describeRepo" => ("repo", repo::describe_repo),
        "com.atproto.sync.getRepo" => ("did", sync::get_repo),
        "com.atproto.sync.getBlocks" => ("did", sync::get_blocks),
        "com.atproto.sync.getRecord" => ("did", sync::get_record),
        "com.atproto.sync.getLatestCommit" => ("did", sync::get_latest_commit),
        "com.atproto.sync.getRepoStatus" => ("did", sync::get_repo_status),
        _ => return Err(Reply::invalid(&format!("No service configured for {method}"))),
    };
    let did = query.required(parameter)?;
    let Some(account) = world.account(did) else { return Err(refusal(method, did, Presence::Unknown)) };
    let mut state = account.state();
    let presence = presence(&state, request.host);
    if state.broken && request.host == state.host {
        return Err(Reply::error(500, "InternalServerError", "Internal Server Error"));
    }
    if presence != Presence::Here && method != "com.atproto.sync.getRepoStatus" {
        return Err(refusal(method, did, presence));
    }
    let known = (request.lie, format!("{method}?{}", request.raw_query));
    // A status is about more than the commit.
    let kept = (presence == Presence::Here).then(|| state.answers.get(&known).cloned()).flatten();
    let reply = match kept {
        Some(reply) => reply,
        None => {
            let mut asked = Asked { world, account, state: &mut state, presence, lie: request.lie };
            let reply = answer(&mut asked, query)?;
            if presence == Presence::Here {
                state.answers.insert(known, reply.clone());
            }
            reply
        }
    };
    moved_on(world, account, state);
    Ok(reply)
}

/// Counts an answer; moves the account if it was the one to move after.
fn moved_on(world: &World, account: &Account, mut state: MutexGuard<'_, State>) {
    state.answered += 1;
    let answered = state.answered;
    let due = state.moves.take_if(|moves| answered >= moves.after);
    drop(state);
    if let Some(due) = due {
        world.migrate(account, due.to);
    }
}

/// A request about an account, which is locked.
struct Asked<'a> {
    world: &'a World,
    account: &'a Account,
    state: &'a mut State,
    presence: Presence,
    lie: Option<Lie>,
}

/// What an account is at a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Here,
    Deactivated,
    TakenDown,
    Suspended,
    Unknown,
}

fn presence(state: &State, host: usize) -> Presence {
    if host != state.host {
        return match state.former.get(&host) {
            Some(Former::Deactivated) => Presence::Deactivated,
            Some(Former::Forgotten) | None => Presence::Unknown,
        };
    }
    match state.standing {
        Standing::Active => Presence::Here,
        Standing::Deactivated => Presence::Deactivated,
        Standing::TakenDown => Presence::TakenDown,
        Standing::Suspended => Presence::Suspended,
        Standing::Deleted | Standing::Tombstoned | Standing::NeverRegistered | Standing::Homeless => {
            Presence::Unknown
        }
    }
}

/// How a host says that there is nothing to be had: by name in `com.atproto.sync` and `describeRepo`, else not.
fn refusal(method: &str, did: &str, presence: Presence) -> Reply {
    match method {
        "com.atproto.repo.getRecord" => return Reply::invalid("Could not locate record"),
        "com.atproto.repo.listRecords" => return Reply::invalid(&format!("Could not find repo: {did}")),
        _ => {}
    }
    let (name, message) = match presence {
        Presence::Deactivated => ("RepoDeactivated", "Repo has been deactivated"),
        Presence::TakenDown => ("RepoTakendown", "Repo has been takendown"),
        Presence::Suspended => ("RepoSuspended", "Repo has been suspended"),
        Presence::Here | Presence::Unknown => ("RepoNotFound", "Could not find repo for DID"),
    };
    Reply::error(400, name, &format!("{message}: {did}"))
}

fn status(presence: Presence) -> Option<&'static str> {
    match presence {
        Presence::Here => None,
        Presence::Deactivated => Some("deactivated"),
        Presence::TakenDown => Some("takendown"),
        Presence::Suspended => Some("suspended"),
        Presence::Unknown => Some("deleted"),
    }
}

/// `com.atproto.sync.listRepos`: everybody the host knows, in the order of the plan.
fn list_repos(world: &World, request: &Request<'_>, query: &Query) -> Result<Reply, Reply> {
    let limit = query.number("limit", 500, 1000)?;
    let from = match query.get("cursor").map(str::parse::<usize>) {
        None => 0,
        Some(Ok(number)) => number,
        Some(Err(_)) => return Err(Reply::invalid("Malformed cursor")),
    };
    let mut repos: Vec<Value> = Vec::new();
    let mut cursor = None;
    for account in world.accounts.iter().skip(from) {
        let mut state = account.state();
        let presence = presence(&state, request.host);
        if presence == Presence::Unknown {
            continue;
        }
        let snapshot = account.snapshot(&mut state, request.lie, world.accounts.len());
        let mut repo = json!({
            "did": account.did, "head": snapshot.commit().to_string(), "rev": snapshot.rev().to_string(),
            "active": presence == Presence::Here,
        });
        if let Some(status) = status(presence) {
            repo["status"] = status.into();
        }
        repos.push(repo);
        if repos.len() == limit {
            cursor = Some((account.number + 1).to_string());
            break;
        }
    }
    let mut answer = json!({ "repos": repos });
    if let Some(cursor) = cursor {
        answer["cursor"] = cursor.into();
    }
    Ok(Reply::json(&answer))
}
