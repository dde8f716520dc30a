//! Asking other servers because somebody here wants to know: not too often, whichever way they ask (spec/social.md §3.6).

use server::Problem;

use crate::users::{self, User};
use crate::{Error, Id, Social};

/// Look-ups of one person at once, and per second.
const LOOK_UPS: (u32, f64) = (30, 0.5);

/// Bytes of a handle or an address.
const MAX_NAME: usize = 2048;

impl Social {
    /// Somebody who is called so, by handle or address: who is not known here is asked for at their server. Nobody, if it does not know
    /// them either, or does not answer.
    pub async fn look_up_person(&self, me: Id, name: &str) -> Result<Option<Id>, Problem> {
        match self.person_called(me, name).await {
            Ok(user) => Ok(Some(user.id)),
            Err(Refused::NotFound(_)) => Ok(None),
            Err(Refused::TooOften(problem)) => Err(problem),
        }
    }

    /// The same with the reason why there is nobody.
    pub(crate) async fn person_called(&self, me: Id, name: &str) -> Result<User, Refused> {
        if name.len() > MAX_NAME {
            return Err(Error::BadRequest("the handle is too long".into()).into());
        }
        let (addresses, wanted) = (self.addresses().clone(), name.to_owned());
        let known = self.ask(move |conn| users::by_name(conn, &addresses, &wanted)).await?;
        if let Some(user) = known {
            return if user.is_there() { Ok(user) } else { Err(Error::NotFound("user").into()) };
        }
        let is_elsewhere = name.trim_start_matches('@').contains('@') || name.starts_with("http");
        let Some(elsewhere) = self.elsewhere().filter(|_| is_elsewhere) else {
            return Err(Error::NotFound("user").into());
        };
        self.draw_look_up(me).await?;
        let id = elsewhere.person(name).await?;
        let user = self.ask(move |conn| users::by_id(conn, id)).await?;
        user.filter(User::is_there).ok_or_else(|| Error::NotFound("user").into())
    }

    /// The thought at an address; its server is asked for what is around it, too. Nothing, if it does not show it.
    pub async fn look_up_thought(&self, me: Id, address: &str) -> Result<Option<Id>, Problem> {
        let Some(elsewhere) = self.elsewhere().filter(|_| address.len() <= MAX_NAME) else { return Ok(None) };
        if let Err(Refused::TooOften(problem)) = self.draw_look_up(me).await {
            return Err(problem);
        }
        Ok(elsewhere.thought(address).await.ok())
    }

    async fn draw_look_up(&self, me: Id) -> Result<(), Refused> {
        let drawn = accounts::limits::draw(self.cache(), &format!("social:lookup:{me}"), LOOK_UPS).await;
        drawn.map(drop).map_err(Refused::TooOften)
    }
}

/// Why nobody was found.
pub(crate) enum Refused {
    /// Too much has been asked for; nobody was asked.
    TooOften(Problem),
    /// Nobody is called so, or it cannot be known.
    NotFound(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::NotFound(error)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooOften(problem) => problem,
            Refused::NotFound(error) => error.into(),
        }
    }
}
