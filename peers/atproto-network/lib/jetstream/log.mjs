// The events Jetstream keeps for replay. Event number n (from 1) stands at absolute index n - 1.
import { BadOptions } from './options.mjs'

/** A cursor below this is a sequence number; from here on it is a time in microseconds. */
const FIRST_TIME_CURSOR = 1_000_000_000_000_000

export class EventLog {
  /** { t: microseconds, seq, kind, did, collection, payload, v1: Buffer or null } */
  events = []
  /** Absolute index of events[0]; grows when old events are dropped. */
  base = 0

  constructor({ retain = 500_000, lookbackMs = 36 * 3600_000 } = {}) {
    this.retain = retain
    this.lookbackMs = lookbackMs
  }

  /** Absolute index of the next event, which is also the sequence number of the newest one. */
  get end() {
    return this.base + this.events.length
  }

  at(index) {
    return this.events[index - this.base]
  }

  append(t, payload) {
    const { did, kind } = payload
    const event = {
      t,
      seq: this.end + 1,
      kind,
      did,
      collection: payload.commit?.collection ?? '',
      payload,
      // v1 never carries #sync.
      v1:
        kind === 'sync'
          ? null
          : Buffer.from(JSON.stringify({ did, time_us: t, kind, [kind]: payload[kind] })),
    }
    this.events.push(event)
    if (this.events.length > this.retain * 1.1) {
      const cut = this.events.length - this.retain
      this.events.splice(0, cut)
      this.base += cut
    }
    return event
  }

  /** First absolute index whose time is >= t. */
  indexAtTime(t) {
    let lo = 0
    let hi = this.events.length
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if (this.events[mid].t < t) lo = mid + 1
      else hi = mid
    }
    return this.base + lo
  }

  /**
   * Where a subscriber with this cursor starts: { index, clamped }; index null means the live tip.
   * v1 silently starts at the oldest kept event, v2 refuses a sequence number below it.
   */
  resolveCursor(raw, { v2 }) {
    if (raw == null || raw === '') return { index: null }
    if (!/^\d+$/.test(raw)) throw new BadOptions(`invalid cursor: ${raw}`)
    const n = Number(raw)
    const floor = this.indexAtTime((Date.now() - this.lookbackMs) * 1000)
    if (n < FIRST_TIME_CURSOR) {
      if (n > this.end) return { index: null }
      const index = Math.max(n - 1, 0)
      if (index >= floor) return { index }
      if (v2) throw new BadOptions(`cursor ${n} below lookback floor ${floor + 1}`, 'CursorTooOld')
      return { index: floor, clamped: true }
    }
    if (n > Date.now() * 1000) return { index: null }
    const index = this.indexAtTime(n)
    if (index < floor) return { index: floor, clamped: true }
    return { index, clamped: this.base > 0 && index === this.base }
  }
}
