// com.atproto.sync.subscribeRepos of the relay: the frames of every PDS, numbered anew.
import { encodeFrame } from '../car.mjs'
import { acceptor, OPEN } from '../websocket.mjs'

const KEEP = 20_000
const DROP = 2_000

export class Firehose {
  seq = 0
  frames = [] // { seq, data }
  subscribers = new Set()
  sockets = acceptor()

  push(header, body) {
    const data = encodeFrame(header, { ...body, seq: ++this.seq })
    this.frames.push({ seq: this.seq, data })
    if (this.frames.length > KEEP) this.frames.splice(0, DROP)
    for (const ws of this.subscribers) if (ws.readyState === OPEN) ws.send(data)
    return this.seq
  }

  get upgrades() {
    return { '/xrpc/com.atproto.sync.subscribeRepos': (...args) => this.#subscribe(...args) }
  }

  #subscribe(req, url, socket, head) {
    this.sockets.handleUpgrade(req, socket, head, (ws) => {
      ws.on('close', () => this.subscribers.delete(ws))
      ws.on('error', () => this.subscribers.delete(ws))
      const cursor = url.searchParams.get('cursor')
      if (cursor && !this.#replay(ws, Number(cursor))) return ws.close()
      this.subscribers.add(ws)
    })
  }

  /** Sends what is kept after the cursor; false when the cursor lies in the future. */
  #replay(ws, cursor) {
    if (cursor > this.seq) {
      ws.send(encodeFrame({ op: -1 }, { error: 'FutureCursor', message: 'Cursor in the future.' }))
      return false
    }
    if (this.frames.length && cursor < this.frames[0].seq - 1) {
      const message = 'Requested cursor exceeded limit. Possibly missing events'
      ws.send(encodeFrame({ op: 1, t: '#info' }, { name: 'OutdatedCursor', message }))
    }
    for (const f of this.frames) if (f.seq > cursor) ws.send(f.data)
    return true
  }

  disconnectAll(code = 1001) {
    for (const ws of [...this.subscribers]) ws.close(code, 'server going away')
  }
}
