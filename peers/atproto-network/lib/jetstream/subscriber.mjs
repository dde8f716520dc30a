// One Jetstream connection: walks the log at the pace its socket allows.
import { compress, DICT_V1, DICT_V2 } from '../zstd.mjs'
import { OPEN } from '../websocket.mjs'
import { v2Frame } from './v2.mjs'

/** Above this many unsent bytes the subscriber waits for its socket. */
const MAX_BUFFERED = 1_000_000
/** Events sent before other work gets a turn. */
const BURST = 2000

export class Subscriber {
  started = false
  sent = 0
  #pumping = false

  /** `index`: first event to send, null for the live tip. `compressed`: zstd frames with the version's dictionary. */
  constructor(jetstream, ws, { v2, options, compressed, index }) {
    Object.assign(this, { jetstream, ws, v2, options, compressed, index })
    ws.on('close', () => jetstream.subscribers.delete(this))
    ws.on('error', () => jetstream.subscribers.delete(this))
  }

  start() {
    this.started = true
    this.index ??= this.jetstream.log.end
    this.jetstream.subscribers.add(this)
    this.pump()
  }

  /** Collection filters apply to commits only: identity and account events always pass them. */
  wants(event) {
    const { kinds, wantDids, wantCollection } = this.options
    if (!this.v2 && event.kind === 'sync') return false
    if (kinds && !kinds.has(event.kind)) return false
    if (wantDids && !wantDids.has(event.did)) return false
    return !(wantCollection && event.kind === 'commit' && !wantCollection(event.collection))
  }

  /** Sends whatever is pending, stopping when the socket is backed up. */
  pump() {
    if (!this.started || this.#pumping || this.jetstream.paused) return
    const { log } = this.jetstream
    this.index = Math.max(this.index, log.base)
    for (let sent = 0; this.index < log.end && this.ws.readyState === OPEN; sent++) {
      if (sent === BURST || this.ws.bufferedAmount > MAX_BUFFERED)
        return this.#pumpLater(sent === BURST ? 0 : 5)
      const event = log.at(this.index++)
      if (this.wants(event)) this.#send(this.v2 ? v2Frame(event) : event.v1)
    }
  }

  #pumpLater(ms) {
    this.#pumping = true
    setTimeout(() => {
      this.#pumping = false
      this.pump()
    }, ms)
  }

  #send(text) {
    if (this.options.maxSize && text.length > this.options.maxSize) return
    this.sent++
    this.sendFrame(text)
  }

  sendFrame(text) {
    if (this.compressed) this.ws.send(compress(text, this.v2 ? DICT_V2 : DICT_V1), { binary: true })
    else this.ws.send(text, { binary: false })
  }
}
