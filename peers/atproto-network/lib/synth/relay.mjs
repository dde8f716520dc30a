// PLC, relay listings and Jetstream v1 of the synthetic network, on one port.
import http from 'node:http'
import { clampInt, listen, sendJson, xrpcError } from '../http.mjs'
import { sleep } from '../time.mjs'
import { compress, DICT_V1 } from '../zstd.mjs'
import { BadOptions, v1Options } from '../jetstream/options.mjs'
import { wantsZstd } from '../jetstream/v1.mjs'
import { acceptor, OPEN, reject } from '../websocket.mjs'
import { didDocument } from '../plc/document.mjs'

const IDLE_MS = 5
/** Events one subscriber gets before the next has its turn. */
const BURST = 500
const MAX_BUFFERED = 4_000_000
const SOME_KEY = 'did:key:zQ3shN4c353qR1UFfJoF6peaj2JqJMovBE7AD5PznCecKzzVo'
const SOME_HEAD = {
  head: 'bafyreidwaivazkwu67xztlmuobx35hs2lnfh3kolmgfmucldvhd3sgzcqi',
  rev: '3l3qo2vutsw2b',
}

const micros = () => Date.now() * 1000

/** Filters as a test on (collection, did); identity and account events have collection ''. */
function wants({ wantCollection, wantDids }) {
  return (collection, did) =>
    (!wantDids || wantDids.has(did)) && (!collection || !wantCollection || wantCollection(collection))
}

export class SyntheticRelay {
  subscribers = new Set()
  sockets = acceptor()
  stats = { plc: 0, listRepos: 0, events: 0 }

  constructor(synth, { pdses, lookbackUs }) {
    Object.assign(this, { synth, pdses, lookbackUs })
    this.server = http.createServer((req, res) => this.#handle(req, res))
    this.server.on('upgrade', (req, socket, head) => this.#upgrade(req, socket, head))
  }

  async start(port) {
    this.port = await listen(this.server, port)
    this.url = `http://localhost:${this.port}`
    this.#pump()
    return this
  }

  #handle(req, res) {
    const url = new URL(req.url, this.url)
    const path = decodeURIComponent(url.pathname)
    switch (path) {
      case '/xrpc/com.atproto.sync.listReposByCollection':
        if (url.searchParams.get('collection') !== this.synth.note) return sendJson(res, 200, { repos: [] })
        return this.#listRepos(url.searchParams, res, { max: 2000, fields: {} })
      case '/xrpc/com.atproto.sync.listRepos':
        return this.#listRepos(url.searchParams, res, { max: 1000, fields: { ...SOME_HEAD, active: true } })
      case '/stats':
        return sendJson(res, 200, this.#stats())
      default:
        if (path.startsWith('/did:')) return this.#didDocument(path.slice(1), res)
        return xrpcError(res, 404, 'MethodNotImplemented', 'not found')
    }
  }

  #listRepos(q, res, { max, fields }) {
    this.stats.listRepos++
    const from = Number(q.get('cursor') ?? 0) || 0
    const to = Math.min(from + clampInt(q.get('limit'), { min: 1, max, fallback: 500 }), this.synth.accounts)
    const repos = []
    for (let a = from; a < to; a++) repos.push({ did: this.synth.did(a), ...fields })
    sendJson(res, 200, { repos, ...(to < this.synth.accounts ? { cursor: String(to) } : {}) })
  }

  #didDocument(did, res) {
    this.stats.plc++
    const account = this.synth.indexOf(did)
    if (account === undefined) return sendJson(res, 404, { message: `DID not registered: ${did}` })
    const endpoint = this.pdses[account % this.pdses.length].url
    const document = didDocument({
      did,
      alsoKnownAs: [`at://user${account}.test`],
      verificationMethods: { atproto: SOME_KEY },
      services: { atproto_pds: { type: 'AtprotoPersonalDataServer', endpoint } },
    })
    sendJson(res, 200, document, { 'content-type': 'application/did+ld+json' })
  }

  #stats() {
    const sum = (name) => this.pdses.reduce((n, p) => n + p[name], 0)
    return {
      ...this.stats,
      listRecords: sum('listed'),
      limited: sum('limited'),
      subscribers: this.subscribers.size,
      tip: this.synth.indexAt(micros()),
    }
  }

  #upgrade(req, socket, head) {
    const url = new URL(req.url, this.url)
    const q = url.searchParams
    if (url.pathname !== '/subscribe') return reject(socket, 404, 'not found')
    let options
    try {
      options = v1Options({ collections: q.getAll('wantedCollections'), dids: q.getAll('wantedDids') })
    } catch (err) {
      if (err instanceof BadOptions) return reject(socket, 400, err.message)
      throw err
    }
    this.sockets.handleUpgrade(req, socket, head, (ws) => {
      const sub = {
        ws,
        wants: wants(options),
        compressed: wantsZstd(req, q),
        next: this.#firstEvent(q.get('cursor')),
        started: q.get('requireHello') !== 'true',
      }
      ws.on('message', (data) => this.#optionsUpdate(sub, data))
      ws.on('close', () => this.subscribers.delete(sub))
      ws.on('error', () => this.subscribers.delete(sub))
      this.subscribers.add(sub)
    })
  }

  /** Number of the first event for a cursor in microseconds; none, or one in the future, means now. */
  #firstEvent(raw) {
    const now = micros()
    const cursor = raw ? Number(raw) : NaN
    if (!(cursor <= now)) return this.synth.indexAt(now)
    return this.synth.indexAt(Math.max(cursor, this.synth.start, now - this.lookbackUs))
  }

  #optionsUpdate(sub, data) {
    try {
      const { type, payload = {} } = JSON.parse(data.toString())
      if (type !== 'options_update') return
      sub.wants = wants(v1Options({ collections: payload.wantedCollections, dids: payload.wantedDids }))
      sub.started = true
    } catch (err) {
      sub.ws.close(1000, `bad message: ${err.message}`.slice(0, 120))
    }
  }

  async #pump() {
    for (;;) {
      const tip = this.synth.indexAt(micros())
      let behind = false
      for (const sub of this.subscribers) behind = this.#send(sub, tip) || behind
      if (behind) await new Promise((r) => setImmediate(r))
      else await sleep(IDLE_MS)
    }
  }

  /** Sends one burst; true when the subscriber is still behind the tip. */
  #send(sub, tip) {
    if (!sub.started || sub.ws.readyState !== OPEN) return false
    for (let n = 0; n < BURST && sub.next < tip && sub.ws.bufferedAmount < MAX_BUFFERED; n++) {
      const event = this.synth.event(sub.next++, sub.wants)
      if (!event) continue
      this.stats.events++
      const text = Buffer.from(JSON.stringify(event))
      sub.ws.send(sub.compressed ? compress(text, DICT_V1) : text, { binary: sub.compressed })
    }
    return sub.next < tip
  }
}
