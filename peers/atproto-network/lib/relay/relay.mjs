// One HTTP server with everything that stands between the PDSes and an AppView: the relay's firehose
// and listings, Jetstream v1 and v2, and the collection directory.
import http from 'node:http'
import { closeServer, listen, xrpcError } from '../http.mjs'
import { bumpMicros, nowMicros, sleep } from '../time.mjs'
import { Jetstream } from '../jetstream/jetstream.mjs'
import { reject } from '../websocket.mjs'
import { CollectionDirectory } from './directory.mjs'
import { Firehose } from './firehose.mjs'
import { Journal } from './journal.mjs'
import { Upstream } from './upstream.mjs'
import { relayRoutes } from './http.mjs'
import { translate } from './translate.mjs'

export class Relay {
  upstreams = []
  hostOf = new Map() // did -> pds
  firehose = new Firehose()
  directory = new CollectionDirectory()
  #cursors = {} // pds url -> last seq before the restart

  constructor({ faults, retain, lookbackMs, file }) {
    this.faults = faults
    this.jetstream = new Jetstream({ retain, lookbackMs })
    this.journal = new Journal(file)
    this.routes = { ...relayRoutes(this), ...this.directory.routes }
    this.upgrades = { ...this.jetstream.upgrades, ...this.firehose.upgrades }
    this.server = http.createServer((req, res) => this.#handle(req, res))
    this.server.on('upgrade', (req, socket, head) => this.#upgrade(req, socket, head))
    faults.wrap(this.server, 'relay')
  }

  async start(port) {
    const last = this.journal.restore((t, event) => {
      bumpMicros(t)
      this.jetstream.log.append(t, event)
      this.directory.see(event)
    })
    this.#cursors = last.cursor
    this.firehose.seq = last.raw // its frames are not kept, their numbering goes on
    this.port = await listen(this.server, port)
    this.url = `http://localhost:${this.port}`
    return this
  }

  follow(pds) {
    const cursor = this.#cursors[pds.url] ?? 0
    this.upstreams.push(new Upstream(pds, cursor, (...frame) => this.#frame(...frame)))
  }

  #frame(upstream, header, body) {
    const seq = this.firehose.push(header, body)
    this.hostOf.set(body.repo ?? body.did, upstream.pds)
    for (const event of translate(header.t, body, seq)) this.emit(event)
    this.journal.append({
      cursor: Object.fromEntries(this.upstreams.map((u) => [u.pds.url, u.cursor])),
      raw: seq,
    })
  }

  /** Adds one event ({did, kind, commit|identity|account|sync}) to Jetstream; also used to inject events. */
  emit(event) {
    const t = nowMicros()
    this.jetstream.log.append(t, event)
    this.directory.see(event)
    this.journal.append({ t, event })
    this.jetstream.pump()
  }

  disconnectAll(code) {
    this.jetstream.disconnectAll(code)
    this.firehose.disconnectAll(code)
  }

  /** Waits until every event the PDSes have sequenced is in the log. */
  async settle(timeoutMs = 30_000) {
    const end = Date.now() + timeoutMs
    for (const upstream of this.upstreams)
      while (!(await upstream.caughtUp())) {
        if (Date.now() > end) throw new Error('the relay did not catch up')
        await sleep(20)
      }
  }

  async close() {
    for (const upstream of this.upstreams) upstream.close()
    this.disconnectAll()
    this.jetstream.close()
    await this.journal.close()
    await closeServer(this.server)
  }

  async #handle(req, res) {
    const url = new URL(req.url, this.url)
    req.resume()
    try {
      const route = this.routes[url.pathname]
      if (!route) return xrpcError(res, 404, 'MethodNotImplemented', 'not found')
      await route({ req, q: url.searchParams }, res)
    } catch (err) {
      xrpcError(res, 500, 'InternalServerError', err.message)
    }
  }

  async #upgrade(req, socket, head) {
    const fault = this.faults.take(['jetstream', 'relay'], req)
    if (fault?.delayMs) await sleep(fault.delayMs)
    if (fault?.drop) return socket.destroy()
    if (fault?.status) return reject(socket, fault.status, 'injected fault')
    const url = new URL(req.url, this.url)
    const upgrade = this.upgrades[url.pathname]
    if (!upgrade) return reject(socket, 404, 'not found')
    upgrade(req, url, socket, head)
  }
}
