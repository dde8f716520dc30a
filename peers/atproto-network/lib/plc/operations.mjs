// The operations of every DID: validated by @did-plc/lib (signatures, chain, recovery window), kept in memory
// and, with a file, as JSON lines.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { bad } from '../http.mjs'
import { sha256 } from '../random.mjs'

const require = createRequire(import.meta.url)
const plc = require('@did-plc/lib')
const { CID } = require('multiformats/cid')
const { create: makeDigest } = require('multiformats/hashes/digest')
const dagCbor = require('@ipld/dag-cbor')

const cidOf = (value) => CID.createV1(0x71, makeDigest(0x12, sha256(Buffer.from(dagCbor.encode(value)))))
const unknown = (did) => bad(`DID not registered: ${did}`, 404)

export class Operations {
  /** { did, seq, operation, cid, nullified, createdAt } in order of arrival; seq counts from 1. */
  log = []
  #byDid = new Map()

  constructor(file) {
    this.file = file
    if (!file || !fs.existsSync(file)) return
    for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
      if (!line) continue
      const { nullify, ...row } = JSON.parse(line)
      if (nullify) this.#nullify(row.did, nullify)
      else this.#store({ ...row, cid: CID.parse(row.cid), createdAt: new Date(row.createdAt) })
    }
  }

  has(did) {
    return this.#byDid.has(did)
  }

  /** Every operation of a DID, nullified ones included. */
  all(did) {
    if (!this.has(did)) throw unknown(did)
    return this.#byDid.get(did)
  }

  live(did) {
    return this.all(did).filter((o) => !o.nullified)
  }

  /** What the DID says now. */
  data(did) {
    const data = plc.opToData(did, this.live(did).at(-1).operation)
    if (data == null) throw bad(`DID not available: ${did}`, 404)
    return data
  }

  async submit(did, operation) {
    const before = this.has(did) ? this.live(did) : []
    let result
    try {
      result = await plc.assureValidNextOp(did, before, operation)
    } catch (err) {
      throw bad(err.message || 'Invalid operation')
    }
    const nullify = result.nullified.map(String)
    this.#nullify(did, nullify)
    const row = this.#store({
      did,
      operation,
      cid: cidOf(operation),
      nullified: false,
      createdAt: new Date(),
    })
    this.#persist({ ...row, cid: row.cid.toString() })
    if (nullify.length) this.#persist({ did, nullify })
  }

  #nullify(did, cids) {
    for (const op of this.#byDid.get(did) ?? []) if (cids.includes(op.cid.toString())) op.nullified = true
  }

  #store(fields) {
    const row = { ...fields, seq: this.log.length + 1 }
    if (!this.has(row.did)) this.#byDid.set(row.did, [])
    this.#byDid.get(row.did).push(row)
    this.log.push(row)
    return row
  }

  #persist(value) {
    if (this.file) fs.appendFileSync(this.file, JSON.stringify(value) + '\n')
  }
}
