//! Taking over rows: in batches, of which one that the database does not take holds up no other.

use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use store::{Conn, Database, ErrorKind};

use super::Imported;

/// What became of a row.
#[derive(Debug)]
pub struct Outcome {
    /// What the row is called.
    pub name: String,
    /// If it could not be taken over: why.
    pub taken: Result<Imported, String>,
}

/// What can go wrong while rows are taken over.
pub trait RowError: From<store::Error> + Send + 'static {
    /// The database's part in it, if it is that.
    fn of_the_database(&self) -> Option<&store::Error>;
}

/// A row of another server, of a kind that is taken over together.
pub trait Batch: DeserializeOwned + Send + Sync + 'static {
    /// What it takes to take rows over, besides the database.
    type Context: Clone + Send + Sync + 'static;
    /// What can go wrong.
    type Error: RowError;

    /// What to call it in a report.
    fn name(&self) -> String;

    /// Writes them; what became of each, or why it was refused.
    fn put_all(
        batch: &[Self],
        conn: &mut Conn<'_>,
        context: &Self::Context,
    ) -> Result<Vec<Result<Imported, String>>, Self::Error>;
}

/// A row of another server, of a kind that is taken over one by one.
pub trait Item: DeserializeOwned + Send + Sync + 'static {
    /// What it takes to take rows over, besides the database.
    type Context: Clone + Send + Sync + 'static;
    /// What can go wrong.
    type Error: RowError;

    /// What to call it in a report.
    fn name(&self) -> String;

    /// Writes it. Refuses before it has written anything.
    fn put(&self, conn: &mut Conn<'_>, context: &Self::Context) -> Result<Imported, Trouble<Self::Error>>;
}

/// Why a row is not taken over.
#[derive(Debug)]
pub enum Trouble<E> {
    /// For a reason of its own; nothing was written.
    Refused(String),
    /// For a reason that is the database's.
    Failed(E),
}

impl<E> Trouble<E> {
    /// For this reason.
    pub fn refused(reason: impl Into<String>) -> Self {
        Self::Refused(reason.into())
    }
}

impl<E: From<store::Error>> From<store::Error> for Trouble<E> {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl<E: From<crate::Error>> From<crate::Error> for Trouble<E> {
    fn from(error: crate::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl<T: Item> Batch for T {
    type Context = T::Context;
    type Error = T::Error;

    fn name(&self) -> String {
        Item::name(self)
    }

    fn put_all(
        batch: &[Self],
        conn: &mut Conn<'_>,
        context: &Self::Context,
    ) -> Result<Vec<Result<Imported, String>>, Self::Error> {
        let put = |item: &T| match item.put(conn, context) {
            Ok(imported) => Ok(Ok(imported)),
            Err(Trouble::Refused(reason)) => Ok(Err(reason)),
            Err(Trouble::Failed(error)) => Err(error),
        };
        batch.iter().map(put).collect()
    }
}

/// Takes over rows of one kind.
pub async fn take_all<T: Batch>(
    state: &Database,
    context: &T::Context,
    rows: Vec<Box<RawValue>>,
) -> Result<Vec<Outcome>, T::Error> {
    let (mut items, mut outcomes) = (Vec::new(), Vec::new());
    for row in rows {
        match serde_json::from_str::<T>(row.get()) {
            Ok(item) => items.push(item),
            Err(error) => outcomes.push(Outcome {
                name: row.get().chars().take(60).collect(),
                taken: Err(format!("it cannot be read: {error}")),
            }),
        }
    }
    let items: Arc<[T]> = items.into();
    let taken = match put(state, context, &items, 0..items.len()).await {
        Ok(taken) => taken,
        // One of them is not what the database takes. Each by itself, then, so that it is that one alone.
        Err(error) => {
            reason_in_a_row(error)?;
            put_each(state, context, &items).await?
        }
    };
    outcomes.extend(items.iter().zip(taken).map(|(item, taken)| Outcome { name: item.name(), taken }));
    Ok(outcomes)
}

async fn put<T: Batch>(
    state: &Database,
    context: &T::Context,
    items: &Arc<[T]>,
    which: Range<usize>,
) -> Result<Vec<Result<Imported, String>>, T::Error> {
    let (context, items) = (context.clone(), items.clone());
    state.write(move |conn| T::put_all(&items[which.clone()], conn, &context)).await
}

async fn put_each<T: Batch>(
    state: &Database,
    context: &T::Context,
    items: &Arc<[T]>,
) -> Result<Vec<Result<Imported, String>>, T::Error> {
    let mut taken = Vec::with_capacity(items.len());
    for at in 0..items.len() {
        match put(state, context, items, at..at + 1).await {
            Ok(outcome) => taken.extend(outcome),
            Err(error) => taken.push(Err(reason_in_a_row(error)?)),
        }
    }
    Ok(taken)
}

/// The database's words, if it is about what a row is, so that other rows may fare better; any other error is one.
pub fn reason_in_a_row<E: RowError>(error: E) -> Result<String, E> {
    match error.of_the_database() {
        Some(words @ store::Error::Sql { kind: ErrorKind::Other | ErrorKind::UniqueViolation, .. }) => {
            Ok(words.to_string())
        }
        _ => Err(error),
    }
}
