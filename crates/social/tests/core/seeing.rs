//! Who sees what, in whichever way they come across it (spec/social.md §6.3, §6.4).

use social::feeds::{Source, Span, Wanted, page};
use social::search::Words;
use social::thoughts::{load, thread, visible};
use social::users::User;
use social::{Error, Id, Visibility, reactions, search};
use store::Conn;

use crate::people::{Place, on_each};

const ALL: [Visibility; 4] =
    [Visibility::Public, Visibility::Unlisted, Visibility::Followers, Visibility::Private];

/// What somebody is to the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Nobody,
    Stranger,
    Asked,
    Follower,
    Mentioned,
    Author,
    Blocked,
    Blocking,
}

const RELATIONS: [Relation; 8] = [
    Relation::Nobody,
    Relation::Stranger,
    Relation::Asked,
    Relation::Follower,
    Relation::Mentioned,
    Relation::Author,
    Relation::Blocked,
    Relation::Blocking,
];

/// Who may see it, as the contract's table says.
fn may_see(relation: Relation, visibility: Visibility) -> bool {
    match visibility {
        Visibility::Public | Visibility::Unlisted => true,
        Visibility::Followers => {
            matches!(relation, Relation::Follower | Relation::Mentioned | Relation::Author)
        }
        Visibility::Private => matches!(relation, Relation::Mentioned | Relation::Author),
    }
}

fn is_between_blocks(relation: Relation) -> bool {
    matches!(relation, Relation::Blocked | Relation::Blocking)
}

async fn related(place: &Place, author: &User, relation: Relation, is_remote: bool) -> Option<User> {
    let user = match relation {
        Relation::Nobody => return None,
        Relation::Author => return Some(author.clone()),
        _ if is_remote => place.remote("viewer").await,
        _ => place.local("viewer").await,
    };
    match relation {
        Relation::Follower => place.follow(&user, author).await,
        Relation::Asked => {
            let (now, addresses) = (place.now(), place.addresses.clone());
            let (follower, mut followed) = (user.clone(), author.clone());
            followed.approves_follows = true;
            let follow = move |conn: &mut Conn<'_>| {
                social::relations::follow(
                    conn,
                    now,
                    &addresses,
                    &follower,
                    &followed,
                    Some("https://there.example/f"),
                )
            };
            assert!(!place.change(follow).await.unwrap().is_accepted);
        }
        Relation::Blocked => place.block(author, &user).await,
        Relation::Blocking => place.block(&user, author).await,
        _ => {}
    }
    Some(user)
}

async fn matrix(place: Place, relation: Relation, is_remote: bool) {
    let author = place.local("author").await;
    let viewer = related(&place, &author, relation, is_remote).await;
    let text = match (&viewer, relation) {
        (Some(user), Relation::Mentioned) => format!("hello @{} #topic", user.handle()),
        _ => "hello #topic".to_owned(),
    };
    for visibility in ALL {
        let what = format!("{relation:?} of {visibility:?}, elsewhere: {is_remote}");
        let id = place.think(&author, &text, visibility, None).await.unwrap();
        let (sees, who) = (may_see(relation, visibility), viewer.as_ref().map(|user| user.id));
        let now = place.now();
        let listed = place.change(move |conn| {
            let has = |conn: &mut Conn<'_>, source| {
                let found = page(conn, source, who, now, Span::default(), 100, Wanted::default())?;
                Ok::<_, Error>(found.entries.iter().any(|entry| entry.thought == id))
            };
            let words = Words::read("hello")?;
            let tag = Source::tag(conn, "TOPIC")?;
            Ok((
                visible(conn, who, id)?,
                load(conn, who, &[id])?.len() == 1,
                has(conn, Source::Of { user: author.id, boosts: false })?,
                has(conn, Source::Local)?,
                tag.map_or(Ok(false), |tag| has(conn, tag))?,
                search::thoughts(conn, who, now, &words, Span::default(), (0, 100))?.contains(&id),
                thread(conn, who, now, id)?.contains(&id),
                who.map_or(Ok(false), |who| has(conn, Source::Home(who)))?,
            ))
        });
        let (seen, loaded, of_author, local, tagged, found, _, home) = listed.await.unwrap();
        assert_eq!((seen, loaded, of_author), (sees, sees, sees), "{what}");
        let is_listed = visibility == Visibility::Public && !is_between_blocks(relation);
        assert_eq!((local, tagged), (is_listed, is_listed), "{what}");
        assert_eq!(found, is_listed || relation == Relation::Author, "{what}");
        let is_at_home = match relation {
            Relation::Author => true,
            Relation::Follower => visibility != Visibility::Private,
            _ => false,
        };
        assert_eq!(home, is_at_home, "{what}");
        let Some(user) = viewer.clone() else { continue };
        let reacts = sees && !is_between_blocks(relation);
        let liked = {
            let (user, now) = (user.clone(), place.now());
            place.change(move |conn| reactions::like(conn, now, &user, id, None)).await
        };
        assert_eq!(liked.is_ok(), reacts, "{what}: like");
        let boosted = {
            let (user, now) = (user.clone(), place.now());
            place.change(move |conn| reactions::boost(conn, now, &user, id, None, None)).await
        };
        let open = matches!(visibility, Visibility::Public | Visibility::Unlisted);
        assert_eq!(boosted.is_ok(), reacts && open, "{what}: boost");
        if user.is_local() {
            let answered = place.think(&user, "indeed", Visibility::Public, Some(id)).await;
            assert_eq!(answered.is_ok(), reacts, "{what}: reply");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_here_sees_what_the_table_says() {
    for relation in RELATIONS {
        on_each(|place| matrix(place, relation, false)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_elsewhere_see_what_their_people_see() {
    for relation in RELATIONS.into_iter().filter(|relation| *relation != Relation::Author) {
        on_each(|place| matrix(place, relation, true)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_muted_or_of_a_host_that_is_not_wanted_is_in_no_list() {
    on_each(|place| async move {
        let (reader, author, host) = (place.local("reader").await, place.local("author").await, place.remote("far").await);
        for followed in [&author, &host] {
            place.follow(&reader, followed).await;
        }
        let near = place.think(&author, "near", Visibility::Public, None).await.unwrap();
        let far = crate::people::added(place.arrive(&host, "far", |_| {}).await);
        let home = async |place: &Place| {
            let (who, now) = (reader.id, place.now());
            let found = place.change(move |conn| {
                let found = page(conn, Source::Home(who), Some(who), now, Span::default(), 10, Wanted::default())?;
                Ok(found.entries.into_iter().map(|entry| entry.thought).collect::<Vec<Id>>())
            });
            found.await.unwrap()
        };
        assert_eq!(home(&place).await, [far, near]);
        let (who, muted, now) = (reader.id, author.id, place.now());
        place.change(move |conn| social::relations::mute(conn, now, who, muted, true, None)).await.unwrap();
        assert_eq!(home(&place).await, [far]);
        let until = place.now();
        place.change(move |conn| social::relations::mute(conn, now, who, muted, true, Some(until))).await.unwrap();
        assert_eq!(home(&place).await, [far, near], "it has ended");
        let block = move |conn: &mut Conn<'_>| {
            let sql = "INSERT INTO social_user_domain_blocks (user_id, domain, created_at) VALUES ($1, 'there.example', 1)";
            Ok(conn.execute(sql, &[who.into()])?)
        };
        place.change(block).await.unwrap();
        assert_eq!(home(&place).await, [near]);
        assert!(place.change(move |conn| visible(conn, Some(who), far)).await.unwrap(), "by name it is there");
    })
    .await;
}
