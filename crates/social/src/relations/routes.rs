//! The routes about what people are to each other.

use http::StatusCode;
use server::{Access, Route};

use super::{connections, handlers, lists};
use crate::services::Services;
use crate::users::{ActorView, UserView};
use crate::wire::{Page, Paging};

const KNOWN: Access = Access::Authenticated;

pub(crate) fn routes() -> Vec<Route<Services>> {
    [acts(), own(), of_others(), elsewhere()].into_iter().flatten().collect()
}

fn nothing(route: Route<Services>) -> Route<Services> {
    route.gives_nothing(StatusCode::NO_CONTENT)
}

fn page(route: Route<Services>) -> Route<Services> {
    route.query::<Paging>().gives::<Page<UserView>>(StatusCode::OK)
}

fn acts() -> Vec<Route<Services>> {
    let (follow, block, mute) = (
        "/social/users/{username}/follow",
        "/social/users/{username}/block",
        "/social/users/{username}/mute",
    );
    vec![
        nothing(Route::post(follow, KNOWN, "Follow somebody, or ask to", handlers::follow)),
        nothing(Route::delete(follow, KNOWN, "Follow them no more", handlers::unfollow)),
        nothing(Route::post(block, KNOWN, "Have nothing to do with somebody", handlers::block)),
        nothing(Route::delete(block, KNOWN, "End that", handlers::unblock)),
        nothing(Route::post(mute, KNOWN, "See nothing of somebody", handlers::mute)),
        nothing(Route::delete(mute, KNOWN, "End that", handlers::unmute)),
    ]
}

fn own() -> Vec<Route<Services>> {
    let (friends, domains) = ("/social/users/me/top-friends", "/social/users/me/domain-blocks");
    vec![
        page(Route::get("/social/users/me/following", KNOWN, "Whom one follows", lists::my_following)),
        page(Route::get("/social/users/me/friends", KNOWN, "Who here follows one back", lists::my_friends)),
        page(Route::get("/social/users/me/follow-requests", KNOWN, "Who asks to follow", lists::my_requests)),
        page(Route::get("/social/users/me/blocks", KNOWN, "Whom one blocks", lists::my_blocks)),
        page(Route::get("/social/users/me/mutes", KNOWN, "Whom one mutes", lists::my_mutes)),
        nothing(Route::put(friends, KNOWN, "Choose up to five top friends", handlers::set_friends))
            .takes::<handlers::FriendIds>(),
        Route::get(domains, KNOWN, "The hosts of which one sees nothing", lists::my_domains)
            .gives_list::<String>(StatusCode::OK),
        nothing(Route::post(domains, KNOWN, "See nothing of a host", handlers::add_domain))
            .takes::<handlers::Domain>(),
        nothing(Route::delete(
            "/social/users/me/domain-blocks/{domain}",
            KNOWN,
            "End that",
            handlers::remove_domain,
        )),
    ]
}

fn of_others() -> Vec<Route<Services>> {
    let open = Access::Delegated;
    vec![
        page(Route::get(
            "/social/users/{username}/followers",
            open,
            "Who follows somebody",
            lists::followers,
        )),
        page(Route::get(
            "/social/users/{username}/following",
            open,
            "Whom somebody follows",
            lists::following,
        )),
        Route::get(
            "/social/users/{username}/top-friends",
            Access::Public,
            "Their top friends",
            lists::friends_of,
        )
        .gives::<lists::TopFriends>(StatusCode::OK),
    ]
}

/// People elsewhere, as other servers know them (spec/social.md §3.5).
fn elsewhere() -> Vec<Route<Services>> {
    let (followers, following, blocks) = (
        "/social/federation/me/followers",
        "/social/federation/me/following",
        "/social/federation/me/blocks",
    );
    let actors = |route: Route<Services>| route.gives_list::<ActorView>(StatusCode::OK);
    let takes = |route: Route<Services>| nothing(route).takes::<handlers::Actor>();
    let connections = |route: Route<Services>| {
        route.query::<connections::Number>().gives::<connections::Connections>(StatusCode::OK)
    };
    vec![
        actors(Route::get(
            "/social/federation/me/followers/pending",
            KNOWN,
            "Who elsewhere asks to follow",
            lists::requests_from_elsewhere,
        )),
        takes(Route::post(
            "/social/federation/me/followers/accept",
            KNOWN,
            "Let somebody follow, from here or elsewhere",
            handlers::accept,
        )),
        actors(Route::get(followers, KNOWN, "Who follows from elsewhere", lists::followers_elsewhere)),
        takes(Route::delete(followers, KNOWN, "Do not let somebody follow", handlers::reject)),
        actors(Route::get(following, KNOWN, "Whom one follows elsewhere", lists::following_elsewhere)),
        nothing(Route::delete(following, KNOWN, "Follow them no more", handlers::unfollow_handle))
            .takes::<handlers::Handle>(),
        actors(Route::get(
            "/social/federation/me/friends",
            KNOWN,
            "Who elsewhere follows one back",
            lists::friends_elsewhere,
        )),
        actors(Route::get(blocks, KNOWN, "Whom one blocks elsewhere", lists::blocks_elsewhere)),
        takes(Route::post(blocks, KNOWN, "Have nothing to do with an actor", handlers::block_actor)),
        takes(Route::delete(blocks, KNOWN, "End that", handlers::unblock_actor)),
        connections(Route::get(
            "/social/federation/actors/{handle}/followers-list",
            Access::Delegated,
            "Who follows somebody elsewhere, as their server says",
            connections::followers,
        )),
        connections(Route::get(
            "/social/federation/actors/{handle}/following-list",
            Access::Delegated,
            "Whom somebody elsewhere follows, as their server says",
            connections::following,
        )),
    ]
}
