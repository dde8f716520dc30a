// The reference PDS (@atproto/pds) on loopback, SQLite storage, in this process.
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { HOST, listen } from './http.mjs'
import { sha256 } from './random.mjs'

process.env.LOG_ENABLED ??= 'false' // silence the PDS log unless the caller asks for it
const require = createRequire(import.meta.url)
const crypto = require('@atproto/crypto')
const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')

// Account signing keys are derived from the network seed and the handle, so the DIDs of a network
// started with the same seed and the same ports are the same every time.
const keyScope = new AsyncLocalStorage()
const randomKey = crypto.Secp256k1Keypair.create
crypto.Secp256k1Keypair.create = async (opts) => {
  const material = keyScope.getStore()
  if (!material) return randomKey.call(crypto.Secp256k1Keypair, opts)
  return crypto.Secp256k1Keypair.import(new Uint8Array(sha256(material)), opts)
}

const keyHex = (...parts) => sha256(parts.join('\0')).toString('hex')

/** https host -> loopback base URL; used when the PDS fetches OAuth client metadata or JWKS. */
export const hostMap = new Map()
const realFetch = globalThis.fetch
globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : String(input))
  const target = url.protocol === 'https:' && hostMap.get(url.host)
  if (!target) return realFetch(input, init)
  const to = new URL(url.pathname + url.search, target)
  const { dispatcher, redirect, ...rest } = init ?? {}
  const request = new Request(input instanceof Request ? new Request(to, input) : to, rest)
  // As a reverse proxy does, or the server would take itself for what it is called on loopback.
  request.headers.set('x-forwarded-host', url.host)
  return realFetch(request)
}

export class Pds {
  /** `port` 0 picks a free one. Accounts get handles under `domains`. */
  static async start({ index, port, dataDir, plcUrl, seed, faults, rateLimits, domains, adminPassword }) {
    // The port is part of the PDS's DID, so it must be known, and held, before the PDS exists.
    const socket = net.createServer()
    port = await listen(socket, port)
    const pds = new Pds()
    const url = `http://localhost:${port}`
    Object.assign(pds, { index, port, adminPassword, domains, url, did: `did:web:localhost%3A${port}` })
    const dir = path.join(dataDir, `pds${index}`)
    fs.mkdirSync(dir, { recursive: true })
    const env = {
      devMode: true,
      port,
      hostname: 'localhost',
      serviceDid: pds.did,
      serviceName: `Loopback PDS ${index}`,
      dataDirectory: dir,
      blobstoreDiskLocation: path.join(dir, 'blobs'),
      blobstoreDiskTmpLocation: path.join(dir, 'blobs-tmp'),
      adminPassword,
      jwtSecret: keyHex(seed, 'jwt', index),
      dpopSecret: keyHex(seed, 'dpop', index),
      plcRotationKeyK256PrivateKeyHex: keyHex(seed, 'plc-rotation', index),
      serviceHandleDomains: domains,
      didPlcUrl: plcUrl,
      inviteRequired: false,
      disableSsrfProtection: true,
      acceptingImports: true,
      maxSubscriptionBuffer: 50_000,
      repoBackfillLimitMs: 365 * 86400_000,
      blobUploadLimit: 5 * 1024 * 1024,
      rateLimitsEnabled: !!rateLimits,
      rateLimitBypassKey: adminPassword,
      // Identity caches are short: tests change handles and keys.
      didCacheStaleTTL: 1000,
      didCacheMaxTTL: 5000,
    }
    pds.server = await PDS.create(envToCfg(env), envToSecrets(env))
    wakeSequencer(pds.server.ctx.sequencer)
    const { app } = pds.server
    const { listen: listenOn } = app
    app.listen = () => listenOn.call(app, socket)
    await pds.server.start()
    scopeAccountKeys(pds.server.server, seed)
    faults.wrap(pds.server.server, 'pds')
    return pds
  }

  /** Sequence number of the newest firehose event, null when there is none. */
  newestSeq() {
    return this.server.ctx.sequencer.curr()
  }

  adminHeaders() {
    return { authorization: 'Basic ' + Buffer.from(`admin:${this.adminPassword}`).toString('base64') }
  }

  close() {
    return this.server.destroy()
  }
}

/** The sequencer polls its database with up to a second of back-off; wake it on every event instead. */
function wakeSequencer(sequencer) {
  let pending = false
  let wake = null
  sequencer.exponentialBackoff = () =>
    new Promise((done) => {
      if (pending) {
        pending = false
        return done()
      }
      const timer = setTimeout(done, 1000)
      wake = () => {
        clearTimeout(timer)
        pending = false
        done()
      }
    })
  const sequenceEvt = sequencer.sequenceEvt.bind(sequencer)
  sequencer.sequenceEvt = async (event) => {
    const seq = await sequenceEvt(event)
    pending = true
    wake?.()
    return seq
  }
}

/** The header x-network-key names the account a request creates, and with it the account's keys. */
function scopeAccountKeys(server, seed) {
  const listeners = server.listeners('request')
  const pass = (req, res) => listeners.forEach((l) => l.call(server, req, res))
  server.removeAllListeners('request')
  server.on('request', (req, res) => {
    const name = req.headers['x-network-key']
    if (name) keyScope.run(`${seed}\0account\0${name}`, () => pass(req, res))
    else pass(req, res)
  })
}
