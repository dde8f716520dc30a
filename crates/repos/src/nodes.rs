//! Where the nodes of trees are: a cache in front of the rows.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use atproto::Cid;
use atproto::mst::{Nodes, NodesError};
use store::{Conn, v};

/// Bytes of one generation; two are held.
const GENERATION: usize = 8 << 20;

/// Nodes that were read or written lately, of all repositories. A node is named by its content, so what is here is never out of
/// date, whatever became of the transaction it came from.
#[derive(Debug, Default)]
pub(crate) struct NodeCache(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Cid, Arc<[u8]>>,
    old: HashMap<Cid, Arc<[u8]>>,
    bytes: usize,
}

impl NodeCache {
    fn get(&self, cid: &Cid) -> Option<Arc<[u8]>> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(block) = generations.young.get(cid) {
            return Some(Arc::clone(block));
        }
        let block = generations.old.remove(cid)?;
        generations.put(*cid, Arc::clone(&block));
        Some(block)
    }

    pub(crate) fn put(&self, cid: Cid, block: Arc<[u8]>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(cid, block);
    }
}

impl Generations {
    fn put(&mut self, cid: Cid, block: Arc<[u8]>) {
        self.bytes += block.len();
        self.young.insert(cid, block);
        // What nobody asked for during a whole generation goes.
        if self.bytes > GENERATION {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
    }
}

/// The nodes of one repository, within a closure that has a connection.
pub(crate) struct StoredNodes<'s, 'c> {
    conn: RefCell<&'s mut Conn<'c>>,
    repo_id: i64,
    cache: &'s NodeCache,
}

impl<'s, 'c> StoredNodes<'s, 'c> {
    pub(crate) fn new(conn: &'s mut Conn<'c>, repo_id: i64, cache: &'s NodeCache) -> Self {
        Self { conn: RefCell::new(conn), repo_id, cache }
    }

    /// The block, from wherever.
    pub(crate) fn block(&self, cid: &Cid) -> Result<Option<Arc<[u8]>>, store::Error> {
        if let Some(block) = self.cache.get(cid) {
            return Ok(Some(block));
        }
        let find = "SELECT block FROM repos_blocks WHERE repo_id = $1 AND cid = $2";
        let text = cid.to_string();
        let found = self.conn.borrow_mut().query_opt(find, &[v(self.repo_id), v(&text)], |row| {
            Ok::<_, store::Error>(Arc::<[u8]>::from(row.blob(0)?))
        })?;
        if let Some(block) = &found {
            self.cache.put(*cid, Arc::clone(block));
        }
        Ok(found)
    }
}

impl Nodes for StoredNodes<'_, '_> {
    fn node(&self, cid: &Cid) -> Result<Option<Cow<'_, [u8]>>, NodesError> {
        Ok(self.block(cid)?.map(|block| Cow::Owned(block.to_vec())))
    }
}
