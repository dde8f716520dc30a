// Writing to the repositories of a network's accounts: single records, batches, blobs, lexicons, seed content.
import { bad } from './http.mjs'
import { mapLimit } from './map-limit.mjs'
import { makeRecord, recordKey } from './content.mjs'

/** Collections of which a repository holds one record, with the key `self`. */
const isSingleton = (collection) => collection.endsWith('.profile')

export class Repos {
  constructor({ accounts, dns, seed, settle }) {
    Object.assign(this, { accounts, dns, seed, settle })
  }

  /** applyWrites: one commit. */
  write(account, writes) {
    return this.accounts.xrpc(account, 'com.atproto.repo.applyWrites', { repo: account.did, writes })
  }

  putRecord({ account: ref, action = 'create', collection, rkey, record }) {
    const account = this.accounts.find(ref)
    const procedure = { create: 'createRecord', update: 'putRecord', delete: 'deleteRecord' }[action]
    if (!procedure) throw bad(`unknown action: ${action}`)
    return this.accounts.xrpc(account, `com.atproto.repo.${procedure}`, {
      repo: account.did,
      collection,
      ...(rkey ? { rkey } : {}),
      ...(action === 'delete' ? {} : { record }),
    })
  }

  uploadBlob(account, bytes, mime) {
    return this.accounts.xrpc(account, 'com.atproto.repo.uploadBlob', bytes, { 'content-type': mime })
  }

  /**
   * Creates `accounts` accounts with `records` records of each collection; with `first`, the records go to
   * every account from that index on. Content is a function of the network's seed.
   */
  async seedContent({
    accounts = 0,
    records = 0,
    collections = ['com.example.demo.note'],
    first,
    batch = 100,
    concurrency = 4,
  }) {
    const started = Date.now()
    const made = await this.accounts.add(accounts)
    const targets = first != null ? this.accounts.list.slice(first) : made
    const jobs = targets.flatMap((account) => collections.map((collection) => ({ account, collection })))
    const written = await mapLimit(jobs, concurrency, (job) =>
      this.#seedCollection({ ...job, records, batch }),
    )
    await this.settle()
    return { accounts: made.length, records: written.reduce((a, b) => a + b, 0), ms: Date.now() - started }
  }

  async #seedCollection({ account, collection, records, batch }) {
    const singleton = isSingleton(collection)
    const count = singleton ? Math.min(records, 1) : records
    const accounts = this.accounts.dids
    for (let from = 0; from < count; from += batch) {
      const writes = []
      for (let index = from; index < Math.min(from + batch, count); index++)
        writes.push({
          $type: 'com.atproto.repo.applyWrites#create',
          collection,
          rkey: singleton ? 'self' : recordKey(account.index, index),
          value: makeRecord({ seed: this.seed, collection, account: account.index, index, accounts }),
        })
      await this.write(account, writes)
    }
    return count
  }

  /** Publishes lexicon documents as records of `account` and points _lexicon.<authority> at it. */
  async publishLexicons({ account: ref, lexicons }) {
    const account = this.accounts.find(ref)
    const out = []
    for (const lexicon of lexicons) {
      const answer = await this.accounts.xrpc(account, 'com.atproto.repo.putRecord', {
        repo: account.did,
        collection: 'com.atproto.lexicon.schema',
        rkey: lexicon.id,
        record: { $type: 'com.atproto.lexicon.schema', ...lexicon },
      })
      const txt = `_lexicon.${lexicon.id.split('.').slice(0, -1).reverse().join('.')}`
      this.dns.setTxt(txt, `did=${account.did}`)
      out.push({ ...answer, txt })
    }
    return out
  }
}
