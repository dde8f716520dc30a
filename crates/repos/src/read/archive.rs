//! A whole repository (`com.atproto.sync.getRepo`).

use std::collections::VecDeque;
use std::sync::Arc;

use atproto::car::CarWriter;
use atproto::data::record::encode;
use atproto::{Cid, Did};
use bytes::Bytes;
use futures::stream::{self, Stream};
use store::{Conn, v};

use crate::directory::Entry;
use crate::{Error, Repos};

/// Bytes of one piece, about.
const PIECE: usize = 64 << 10;

impl Repos {
    /// A CAR file with everything of one moment: the commit first, the tree, the records. In pieces, each of which is given up
    /// as it is sent. So many at once are held in memory as [`Limits::exports`](crate::Limits::exports) says.
    pub async fn export(&self, did: &Did) -> Result<impl Stream<Item = Bytes> + Send + use<>, Error> {
        let entry = self.hosted(did)?;
        entry.served()?;
        let turn = Arc::clone(&self.shared.exports).try_acquire_owned();
        let turn = turn.map_err(|_| Error::Busy("archives"))?;
        let limit = self.shared.limits.export_bytes;
        let pieces = self.shared.state.snapshot(move |conn| archive(conn, &entry, limit)).await?;
        Ok(stream::unfold((pieces, turn), async |(mut pieces, turn)| {
            pieces.pop_front().map(|piece| (piece, (pieces, turn)))
        }))
    }
}

/// The file as it grows.
struct Pieces {
    car: CarWriter,
    done: VecDeque<Bytes>,
    bytes: usize,
    limit: usize,
}

impl Pieces {
    fn block(&mut self, cid: &Cid, block: &[u8]) -> Result<(), Error> {
        self.car.block(cid, block);
        if self.car.pending() < PIECE {
            return Ok(());
        }
        self.flush();
        if self.bytes > self.limit {
            return Err(Error::TooLarge { what: "the archive", size: self.bytes, limit: self.limit });
        }
        Ok(())
    }

    fn flush(&mut self) {
        let piece = self.car.take();
        self.bytes += piece.len();
        self.done.push_back(piece.into());
    }
}

fn archive(conn: &mut Conn<'_>, entry: &Entry, limit: usize) -> Result<VecDeque<Bytes>, Error> {
    let did = &entry.did;
    let cid = |text: &str| Cid::parse(text).map_err(|_| Error::damaged(did, "a CID cannot be read"));
    let head = "SELECT commit_cid, commit_block FROM repos_repositories WHERE id = $1";
    let found = conn
        .query_opt(head, &[v(entry.id)], |row| Ok::<_, Error>((cid(row.text(0)?)?, row.blob(1)?.to_vec())))?;
    let (commit, block) = found.ok_or_else(|| Error::NotHosted(did.to_string()))?;
    let mut pieces = Pieces { car: CarWriter::new(&commit), done: VecDeque::new(), bytes: 0, limit };
    pieces.block(&commit, &block)?;
    let nodes = "SELECT cid, block FROM repos_blocks WHERE repo_id = $1";
    conn.for_each(nodes, &[v(entry.id)], |row| pieces.block(&cid(row.text(0)?)?, row.blob(1)?))?;
    // The same content under two keys is one block.
    let records = "SELECT cid, MIN(json) FROM repos_records WHERE repo_id = $1 GROUP BY cid";
    conn.for_each(records, &[v(entry.id)], |row| {
        let block = encode(row.text(1)?).map_err(|error| Error::damaged(did, error.to_string()))?;
        pieces.block(&cid(row.text(0)?)?, &block)
    })?;
    pieces.flush();
    Ok(pieces.done)
}
