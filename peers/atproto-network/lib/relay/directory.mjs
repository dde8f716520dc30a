// The collection directory beside the relay: which repositories ever had a record of a collection.
import { sendJson, xrpcError, clampInt } from '../http.mjs'
import { isNsid } from '../jetstream/options.mjs'

export class CollectionDirectory {
  collections = new Map() // nsid -> Set of DIDs, in order of first sight; nothing is ever removed

  see(event) {
    const { collection, operation } = event.commit ?? {}
    if (!collection || operation === 'delete') return
    if (!this.collections.has(collection)) this.collections.set(collection, new Set())
    this.collections.get(collection).add(event.did)
  }

  get routes() {
    const listRepos = ({ q }, res) => this.#listReposByCollection(q, res)
    return {
      '/xrpc/com.atproto.sync.listReposByCollection': listRepos,
      '/v1/getDidsForCollection': listRepos,
      '/v1/listCollections': ({ q }, res) => this.#listCollections(q, res),
    }
  }

  #listReposByCollection(q, res) {
    const collection = q.get('collection') ?? ''
    if (!isNsid(collection)) return xrpcError(res, 400, 'BadRequest', 'bad collection nsid')
    const limit = clampInt(q.get('limit'), { min: 1, max: 2000, fallback: 500 })
    const cursor = q.get('cursor')
    const from = cursor ? Number(Buffer.from(cursor, 'base64').toString('latin1')) : 0
    if (!Number.isInteger(from)) return xrpcError(res, 400, 'BadRequest', 'bad cursor')
    const all = [...(this.collections.get(collection) ?? [])]
    const to = from + limit
    sendJson(res, 200, {
      repos: all.slice(from, to).map((did) => ({ did })),
      ...(to < all.length ? { cursor: Buffer.from(String(to)).toString('base64') } : {}),
    })
  }

  #listCollections(q, res) {
    const wanted = q.getAll('c')
    const collections = {}
    for (const [nsid, dids] of this.collections)
      if (!wanted.length || wanted.includes(nsid)) collections[nsid] = dids.size
    sendJson(res, 200, { collections })
  }
}
