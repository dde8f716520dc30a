//! A new repository.

use atproto::car::CarWriter;
use atproto::crypto::PrivateKey;
use atproto::did_doc::Service;
use atproto::mst::Draft;
use atproto::repo::Commit;
use atproto::{Did, Handle, firehose};
use store::{Conn, v};

use crate::directory::write_services;
use crate::events::{self, Kind};
use crate::write::{next_rev, stamp};
use crate::{Error, Repos, keys};

/// What is to be made.
#[derive(Clone, Debug)]
pub struct NewRepo {
    /// Whose it is.
    pub did: Did,
    /// What it is called.
    pub handle: Option<Handle>,
    /// What it signs with; a new key on k256 by default. A hold that shares the DID of a service shares its key, too.
    pub key: Option<PrivateKey>,
    /// What its DID document names besides this server as its PDS.
    pub services: Vec<Service>,
}

impl NewRepo {
    /// With a key of its own and nothing besides.
    #[must_use]
    pub fn new(did: Did, handle: Option<Handle>) -> Self {
        Self { did, handle, key: None, services: Vec::new() }
    }
}

/// Everything about it that can be made without the database.
pub(crate) struct Prepared {
    new: NewRepo,
    key: PrivateKey,
    sealed: Vec<u8>,
    services: String,
}

impl Repos {
    /// Makes an empty repository. [`Error::Taken`] if the DID or the handle has one.
    pub async fn create(&self, new: NewRepo) -> Result<(), Error> {
        let prepared = self.prepare(new)?;
        self.change(move |conn, now| prepared.insert(conn, now).map(drop)).await
    }

    pub(crate) fn prepare(&self, new: NewRepo) -> Result<Prepared, Error> {
        let key = new.key.clone().unwrap_or_else(PrivateKey::generate_k256);
        let sealed = keys::seal(&*self.shared.sealing, &new.did, &key)?;
        let services = write_services(&new.services);
        Ok(Prepared { new, key, sealed, services })
    }
}

impl Prepared {
    /// Writes the rows and tells subscribers; the number of the repository. The sequence is locked.
    pub(crate) fn insert(&self, conn: &mut Conn<'_>, now: i64) -> Result<i64, Error> {
        let NewRepo { did, handle, .. } = &self.new;
        let handle_text = handle.as_ref().map(Handle::as_str);
        self.check_free(conn, handle_text)?;
        let rev = next_rev(now, None);
        let tree = Draft::empty().finish().map_err(|error| Error::of_tree(did, error))?;
        let signed = Commit { did: did.clone(), rev, data: tree.root }.sign(&self.key);
        let id = conn.query_one(
            "INSERT INTO repos_repositories
                 (did, handle, signing_key, signing_key_enc, services, status, rev, root, commit_cid,
                  commit_block, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, $10, $10) RETURNING id",
            &[
                v(did.as_str()),
                v(handle_text),
                v(&self.key.public().multikey()),
                v(&self.sealed),
                v(&self.services),
                v(rev.as_i64()),
                v(&tree.root.to_string()),
                v(&signed.cid.to_string()),
                v(&signed.block),
                v(now),
            ],
            |row| row.int(0),
        )?;
        for (cid, block) in &tree.added {
            let insert = "INSERT INTO repos_blocks (repo_id, cid, block) VALUES ($1, $2, $3)";
            conn.execute(insert, &[v(id), v(&cid.to_string()), v(block)])?;
        }
        let time = stamp(now);
        let mut car = CarWriter::new(&signed.cid);
        car.block(&signed.cid, &signed.block);
        let car = car.take();
        events::append(conn, did, Kind::Identity, rev, "", now, |seq| {
            firehose::identity(seq, did, &time, handle.as_ref())
        })?;
        events::append(conn, did, Kind::Account, rev, "", now, |seq| {
            firehose::account(seq, did, &time, None)
        })?;
        events::append(conn, did, Kind::Sync, rev, "", now, |seq| {
            firehose::sync(seq, did, &time, rev, &car)
        })?;
        Ok(id)
    }

    fn check_free(&self, conn: &mut Conn<'_>, handle: Option<&str>) -> Result<(), Error> {
        let did = self.new.did.as_str();
        let taken = "SELECT did FROM repos_repositories WHERE did = $1 OR handle = $2";
        match conn.query_opt(taken, &[v(did), v(handle)], |row| row.string(0))? {
            Some(found) if found == did => Err(Error::Taken(found)),
            Some(_) => Err(Error::Taken(handle.unwrap_or_default().to_owned())),
            None => Ok(()),
        }
    }
}
