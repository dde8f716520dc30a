// Follows the firehose of one PDS, reconnecting from the last frame seen.
import { sleep } from '../time.mjs'
import { decodeFrame } from '../car.mjs'
import { WebSocket } from '../websocket.mjs'

const RECONNECT_MS = 200

export class Upstream {
  connected = false
  #closed = false

  /** `onFrame(upstream, header, body)` is called once per frame, in order. */
  constructor(pds, cursor, onFrame) {
    Object.assign(this, { pds, cursor, onFrame })
    this.#run()
  }

  async #run() {
    while (!this.#closed) {
      await this.#connection()
      if (!this.#closed) await sleep(RECONNECT_MS)
    }
  }

  #connection() {
    return new Promise((done) => {
      const url = `ws://127.0.0.1:${this.pds.port}/xrpc/com.atproto.sync.subscribeRepos?cursor=${this.cursor}`
      this.ws = new WebSocket(url)
      this.ws.on('open', () => (this.connected = true))
      this.ws.on('message', (data) => {
        try {
          this.#frame(data)
        } catch (err) {
          process.stderr.write(`relay: bad frame from ${this.pds.url}: ${err.stack}\n`)
        }
      })
      this.ws.on('error', () => {}) // 'close' follows
      this.ws.on('close', () => {
        this.connected = false
        done()
      })
    })
  }

  #frame(data) {
    const [header, body] = decodeFrame(data)
    if (header.op === -1) throw new Error(`error frame ${body.error}: ${body.message ?? ''}`)
    if (body.seq != null) {
      if (body.seq <= this.cursor) return
      this.cursor = body.seq
    }
    if (header.t !== '#info') this.onFrame(this, header, body)
  }

  /** True when every event the PDS has sequenced was seen here. */
  async caughtUp() {
    return this.cursor >= ((await this.pds.newestSeq()) ?? 0)
  }

  close() {
    this.#closed = true
    this.ws?.terminate()
  }
}
