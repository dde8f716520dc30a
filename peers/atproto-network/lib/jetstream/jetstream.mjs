// Jetstream: the log, its subscribers, and the knobs tests turn (pause, disconnect, inject).
import { EventLog } from './log.mjs'
import { subscribeV1 } from './v1.mjs'
import { subscribeV2 } from './v2.mjs'
import { acceptor, OPEN } from '../websocket.mjs'

const PING_MS = 30_000

export class Jetstream {
  subscribers = new Set()
  paused = false
  v1Sockets = acceptor()
  v2Sockets = acceptor({
    handleProtocols: (offered) => (offered.has('xrpc.v1.json') ? 'xrpc.v1.json' : false),
  })

  constructor(retention) {
    this.log = new EventLog(retention)
    this.pinger = setInterval(() => {
      for (const s of this.subscribers) if (s.ws.readyState === OPEN) s.ws.ping()
    }, PING_MS).unref()
  }

  /** Handlers of the websocket paths, for Relay. */
  get upgrades() {
    return {
      '/subscribe': (...args) => subscribeV1(this, ...args),
      '/xrpc/network.bsky.jetstream.subscribeEvents': (...args) => subscribeV2(this, ...args),
    }
  }

  pump() {
    for (const s of this.subscribers) s.pump()
  }

  setPaused(paused) {
    this.paused = paused
    if (!paused) this.pump()
  }

  /** Sends arbitrary text to every v1 subscriber now, outside the log (malformed-input tests). */
  injectRaw(text) {
    for (const s of this.subscribers) if (!s.v2 && s.ws.readyState === OPEN) s.ws.send(text)
  }

  disconnectAll(code = 1001) {
    for (const s of [...this.subscribers]) s.ws.close(code, 'server going away')
  }

  /** Counters, and what each subscriber asked for (an empty list of collections = all). */
  stat() {
    const { events } = this.log
    return {
      events: events.length,
      seq: this.log.end,
      firstTimeUs: events[0]?.t ?? null,
      lastTimeUs: events.at(-1)?.t ?? null,
      subscribers: this.subscribers.size,
      wanted: [...this.subscribers].map((s) => s.options.collections),
      paused: this.paused,
    }
  }

  close() {
    clearInterval(this.pinger)
    this.disconnectAll()
  }
}
