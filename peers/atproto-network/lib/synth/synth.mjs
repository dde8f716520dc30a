// A synthetic network whose every event and record is a pure function of (seed, index).
// synthetic-stream.md specifies the algorithm; this is its reference implementation.
import { sha256 } from '../random.mjs'
import { tid } from '../time.mjs'
import { makeRecord, recordKey } from '../content.mjs'
import { kindOf, targetOf } from './blocks.mjs'
import { base32, mix, recordCid } from './hash.mjs'
import { streamRecord } from './records.mjs'

const PROFILE = 'app.bsky.actor.profile'
const STATUSES = [undefined, 'deactivated', undefined, 'takendown', undefined, 'deleted']

export class Synth {
  #byDid = null

  constructor({
    seed = 'synth',
    accounts = 10_000,
    rate = 1000,
    start = Date.UTC(2025, 0, 1) * 1000,
    records = 20,
    note = 'com.example.demo.note',
  } = {}) {
    Object.assign(this, { seed, accounts, rate, start, records, note })
    this.seed32 = sha256(seed).readUInt32LE(0)
    this.dids = new Array(accounts)
  }

  r(k, salt) {
    return mix(mix((k + Math.imul(0x9e3779b9, salt)) >>> 0) ^ this.seed32)
  }

  did(a) {
    return (this.dids[a] ??= 'did:plc:' + base32(sha256(`${this.seed}/did/${a}`)).slice(0, 24))
  }

  /** Number of the account with this DID, undefined when it is nobody's. */
  indexOf(did) {
    if (!this.#byDid) {
      this.#byDid = new Map()
      for (let a = 0; a < this.accounts; a++) this.#byDid.set(this.did(a), a)
    }
    return this.#byDid.get(did)
  }

  timeUs(k) {
    return this.start + Math.floor((k * 1e6) / this.rate)
  }

  /** First event whose time is >= t. */
  indexAt(t) {
    let k = Math.max(0, Math.floor(((t - this.start) * this.rate) / 1e6))
    while (k > 0 && this.timeUs(k - 1) >= t) k--
    while (this.timeUs(k) < t) k++
    return k
  }

  account(k) {
    const u = this.r(k, 1) / 4294967296
    return Math.floor(this.accounts * u * u * u)
  }

  rkey(k) {
    return tid(this.timeUs(k) - 150_000, this.r(k, 2) & 1023)
  }

  rev(k) {
    return tid(this.timeUs(k) - 20_000, this.r(k, 3) & 1023)
  }

  /** { did, time_us, kind, ... } in Jetstream v1 form. `wants(collection, did)` may reject before the record is made. */
  event(k, wants = () => true) {
    const { collection, operation } = kindOf(k)
    if (!collection) return this.#accountEvent(k, operation, wants)
    const known = operation !== 'create' && collection !== PROFILE
    const source = known ? targetOf(k, collection) : k
    const did = this.did(this.account(source))
    if (!wants(collection, did)) return null
    const rkey = collection === PROFILE ? 'self' : this.rkey(source)
    const commit = { rev: this.rev(k), operation, collection, rkey }
    if (operation !== 'delete') {
      commit.record = streamRecord(this, k, collection)
      commit.cid = recordCid(commit.record)
    }
    return { did, time_us: this.timeUs(k), kind: 'commit', commit }
  }

  #accountEvent(k, kind, wants) {
    const did = this.did(this.account(k))
    if (!wants('', did)) return null
    const time_us = this.timeUs(k)
    const time = new Date(Math.floor(time_us / 1000) - 300).toISOString()
    const seq = k + 1
    if (kind === 'identity')
      return { did, time_us, kind, identity: { did, handle: `user${this.account(k)}.test`, seq, time } }
    const status = STATUSES[this.r(k, 19) % STATUSES.length]
    return { did, time_us, kind, account: { active: !status, did, seq, ...(status ? { status } : {}), time } }
  }

  /** Number of notes in the repository of account a: between half and one and a half times `records`. */
  count(a) {
    return Math.floor(this.records / 2) + (this.r(a, 40) % (this.records + 1))
  }

  /** Those notes, in the form of listRecords: the repository a backfill finds. */
  notes(a, from, to) {
    const out = []
    for (let i = from; i < to; i++) {
      const value = makeRecord({ seed: this.seed, collection: this.note, account: a, index: i })
      out.push({
        uri: `at://${this.did(a)}/${this.note}/${recordKey(a, i)}`,
        cid: recordCid(value),
        value,
      })
    }
    return out
  }
}
