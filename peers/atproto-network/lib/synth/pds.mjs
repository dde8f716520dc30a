// A PDS of the synthetic network: the reads a backfill makes, with optional delay and rate limit.
import http from 'node:http'
import { listen, sendJson, xrpcError } from '../http.mjs'
import { sleep } from '../time.mjs'
import { recordKey } from '../content.mjs'

const invalid = (res, message) => xrpcError(res, 400, 'InvalidRequest', message)

export class SyntheticPds {
  #windowStart = 0
  #used = 0
  limited = 0
  listed = 0

  /** Account a lives on PDS number a mod `count`. */
  constructor(synth, { index, count, latencyMs, limitRate }) {
    Object.assign(this, { synth, index, count, latencyMs, limitRate })
    this.server = http.createServer((req, res) => this.#handle(req, res))
  }

  async start(port) {
    this.port = await listen(this.server, port)
    this.url = `http://localhost:${this.port}`
    return this
  }

  async #handle(req, res) {
    if (this.limitRate && !this.#admit(res)) return
    if (this.latencyMs) await sleep(this.latencyMs)
    const url = new URL(req.url, this.url)
    const q = url.searchParams
    switch (url.pathname.replace(/^\/xrpc\//, '')) {
      case '_health':
        return sendJson(res, 200, { version: 'synth' })
      case 'com.atproto.server.describeServer':
        return sendJson(res, 200, {
          did: `did:web:localhost%3A${this.port}`,
          availableUserDomains: ['.test'],
        })
      case 'com.atproto.identity.resolveHandle':
        return this.#resolveHandle(q, res)
      case 'com.atproto.repo.describeRepo':
        return this.#describeRepo(q, res)
      case 'com.atproto.repo.listRecords':
        return this.#listRecords(q, res)
      case 'com.atproto.repo.getRecord':
        return this.#getRecord(q, res)
      default:
        return xrpcError(res, 501, 'MethodNotImplemented', 'Method Not Implemented')
    }
  }

  /** Counts the request in the current second; answers 429 and gives false above the limit. */
  #admit(res) {
    const now = Date.now()
    if (now - this.#windowStart >= 1000) {
      this.#windowStart = now
      this.#used = 0
    }
    this.#used++
    const headers = {
      'ratelimit-limit': String(this.limitRate),
      'ratelimit-remaining': String(Math.max(0, this.limitRate - this.#used)),
      'ratelimit-reset': String(Math.ceil((this.#windowStart + 1000) / 1000)),
      'ratelimit-policy': `${this.limitRate};w=1`,
    }
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
    if (this.#used <= this.limitRate) return true
    this.limited++
    sendJson(res, 429, { error: 'RateLimitExceeded', message: 'Rate Limit Exceeded' })
    return false
  }

  /** Number of the account if it lives here. */
  #here(did) {
    const account = this.synth.indexOf(did)
    return account !== undefined && account % this.count === this.index ? account : undefined
  }

  #resolveHandle(q, res) {
    const account = Number(/^user(\d+)\.test$/.exec(q.get('handle') ?? '')?.[1])
    if (!(account < this.synth.accounts)) return invalid(res, 'Unable to resolve handle')
    sendJson(res, 200, { did: this.synth.did(account) })
  }

  #describeRepo(q, res) {
    const account = this.#here(q.get('repo'))
    if (account === undefined) return invalid(res, 'Could not find user')
    const { did, note } = { did: this.synth.did(account), note: this.synth.note }
    sendJson(res, 200, {
      handle: `user${account}.test`,
      did,
      didDoc: {},
      collections: [note],
      handleIsCorrect: true,
    })
  }

  /** Newest first; the cursor is the last key of the page. */
  #listRecords(q, res) {
    this.listed++
    const account = this.#here(q.get('repo'))
    if (account === undefined) return invalid(res, `Could not find repo: ${q.get('repo')}`)
    const limit = Number(q.get('limit') ?? 50)
    if (!(limit >= 1 && limit <= 100)) return invalid(res, 'limit out of range')
    if (q.get('collection') !== this.synth.note) return sendJson(res, 200, { records: [] })
    const cursor = q.get('cursor')
    const count = this.synth.count(account)
    let end = cursor ? 0 : count
    while (cursor && end < count && recordKey(account, end) < cursor) end++
    const from = Math.max(0, end - limit)
    const records = this.synth.notes(account, from, end).reverse()
    sendJson(res, 200, { records, ...(records.length ? { cursor: recordKey(account, from) } : {}) })
  }

  #getRecord(q, res) {
    const account = this.#here(q.get('repo'))
    if (account !== undefined && q.get('collection') === this.synth.note)
      for (let i = 0; i < this.synth.count(account); i++)
        if (recordKey(account, i) === q.get('rkey'))
          return sendJson(res, 200, this.synth.notes(account, i, i + 1)[0])
    xrpcError(res, 400, 'RecordNotFound', 'Could not locate record')
  }
}
