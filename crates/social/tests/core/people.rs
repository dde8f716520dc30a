//! People to test with: no passwords, and keys that nobody signs with.

use std::sync::atomic::{AtomicI64, Ordering};

use social::thoughts::{NewContent, NewThought, RemoteThought, Stored};
use social::users::{Profile, Reach, User};
use social::{Addresses, Error, Id, SCHEMA, Visibility, relations, thoughts, users};
use store::{Conn, Database, v};
use url::Url;

/// When tests begin.
const BEGIN: i64 = 1_795_000_000_000_000;

/// A place for them.
pub(crate) struct Place {
    pub(crate) state: Database,
    pub(crate) addresses: Addresses,
    clock: AtomicI64,
}

/// Runs a test on each engine.
pub(crate) async fn on_each<T: Future<Output = ()>>(test: impl Fn(Place) -> T) {
    testkit::on_each_engine(&[&SCHEMA], |store| {
        test(Place {
            state: store.state,
            addresses: Addresses::new(&Url::parse("https://here.example").unwrap()),
            clock: AtomicI64::new(BEGIN),
        })
    })
    .await;
}

impl Place {
    /// A millisecond later than before.
    pub(crate) fn now(&self) -> i64 {
        self.clock.fetch_add(1000, Ordering::SeqCst)
    }

    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Conn<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.state.write(change).await
    }

    /// Somebody at home here.
    pub(crate) async fn local(&self, name: &'static str) -> User {
        let now = self.now();
        let made = self.change(move |conn| {
            let (id, uuid) = (Id::at(now), uuid::Uuid::new_v4().to_string());
            conn.execute(
                "INSERT INTO social_users (id, uuid, username, handle_key, created_at, updated_at)
                 VALUES ($1, $2, $3, $3, $4, $4)",
                &[id.into(), v(&uuid), v(name), v(now)],
            )?;
            conn.execute("INSERT INTO social_user_counts (user_id) VALUES ($1)", &[id.into()])?;
            Ok(users::by_id(conn, id)?.unwrap())
        });
        made.await.unwrap()
    }

    /// Somebody at home elsewhere.
    pub(crate) async fn remote(&self, name: &'static str) -> User {
        self.remote_at(name, "there.example").await
    }

    /// Somebody at home at this host.
    pub(crate) async fn remote_at(&self, name: &'static str, host: &'static str) -> User {
        let now = self.now();
        let base = format!("https://{host}/{name}");
        let profile = Profile {
            ap_id: base.clone(),
            kind: "Person".into(),
            username: name.into(),
            host: host.into(),
            display_name: None,
            bio: None,
            avatar_url: None,
            header_url: None,
            fields: Vec::new(),
            url: None,
            also_known_as: Vec::new(),
            moved_to: None,
            approves_follows: false,
            created_at: None,
            reach: Reach {
                inbox: format!("{base}/inbox"),
                shared_inbox: Some(format!("https://{host}/inbox")),
                outbox: None,
                followers: Some(format!("{base}/followers")),
                following: None,
                featured: None,
                key_id: None,
                public_key: None,
            },
        };
        let made = self.change(move |conn| {
            let id = users::intern(conn, now, &profile)?;
            Ok(users::by_id(conn, id)?.unwrap())
        });
        made.await.unwrap()
    }

    /// As they are now.
    pub(crate) async fn again(&self, user: &User) -> User {
        let id = user.id;
        self.change(move |conn| Ok(users::by_id(conn, id)?.unwrap())).await.unwrap()
    }

    /// A follow that counts.
    pub(crate) async fn follow(&self, follower: &User, followed: &User) {
        let (now, addresses) = (self.now(), self.addresses.clone());
        let (follower, followed) = (follower.clone(), followed.clone());
        let activity =
            (!follower.is_local()).then(|| format!("{}/follow/{now}", follower.ap_id.clone().unwrap()));
        let done = self.change(move |conn| {
            let done = relations::follow(conn, now, &addresses, &follower, &followed, activity.as_deref())?;
            if !done.is_accepted {
                relations::accept(conn, now, &follower, &followed)?;
            }
            Ok(())
        });
        done.await.unwrap();
    }

    /// Somebody blocks somebody.
    pub(crate) async fn block(&self, blocker: &User, blocked: &User) {
        let (now, addresses) = (self.now(), self.addresses.clone());
        let (blocker, blocked) = (blocker.clone(), blocked.clone());
        self.change(move |conn| relations::block(conn, now, &addresses, &blocker, &blocked)).await.unwrap();
    }

    /// A thought of somebody here.
    pub(crate) async fn think(
        &self,
        author: &User,
        text: &str,
        visibility: Visibility,
        in_reply_to: Option<Id>,
    ) -> Result<Id, Error> {
        let (now, addresses, author) = (self.now(), self.addresses.clone(), author.clone());
        let content = NewContent { content: text.to_owned(), ..NewContent::default() };
        let new = NewThought { content, in_reply_to, visibility: Some(visibility), attachments: Vec::new() };
        self.change(move |conn| Ok(thoughts::create(conn, now, &addresses, &author, &new)?.id)).await
    }

    /// A thought of somebody elsewhere, with whoever is mentioned.
    pub(crate) async fn arrive(
        &self,
        author: &User,
        name: &str,
        change: impl Fn(&mut RemoteThought),
    ) -> Stored {
        let (now, addresses) = (self.now(), self.addresses.clone());
        let mut new = RemoteThought {
            ap_id: format!("https://there.example/notes/{name}"),
            url: None,
            author: author.id,
            content: format!("<p>{name}</p>"),
            content_warning: None,
            sensitive: false,
            visibility: Visibility::Public,
            in_reply_to: None,
            language: None,
            mood: None,
            extensions: None,
            published: Some(now),
            updated: None,
            tags: Vec::new(),
            mentions: Vec::new(),
            attachments: Vec::new(),
        };
        change(&mut new);
        self.change(move |conn| thoughts::store(conn, now, &addresses, &new)).await.unwrap()
    }
}

/// The id of what is new.
pub(crate) fn added(stored: Stored) -> Id {
    match stored {
        Stored::Added { id, .. } => id,
        other => panic!("{other:?} is nothing new"),
    }
}
