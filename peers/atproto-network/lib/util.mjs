// Small helpers shared by every part of the network.
import http from 'node:http'
import crypto from 'node:crypto'

export const HOST = '127.0.0.1'

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms))

export const sha256 = (data) => crypto.createHash('sha256').update(data).digest()

/** Deterministic random numbers (mulberry32) seeded from any string. */
export function rng(seed) {
  let a = sha256(String(seed)).readUInt32LE(0)
  const next = () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  next.int = (n) => Math.floor(next() * n)
  next.pick = (list) => list[next.int(list.length)]
  return next
}

const B32 = '234567abcdefghijklmnopqrstuvwxyz'

/** TID for a time in microseconds and a clock id (0..1023). */
export function tid(micros, clockId = 0) {
  let v = (BigInt(micros) << 10n) | BigInt(clockId & 1023)
  let out = ''
  for (let i = 0; i < 13; i++) {
    out = B32[Number(v & 31n)] + out
    v >>= 5n
  }
  return out
}

/** A numeric parameter brought into range; absent, zero or malformed gives the fallback. */
export function clampInt(raw, { min, max, fallback }) {
  return Math.max(min, Math.min(max, Number.parseInt(raw ?? '', 10) || fallback))
}

let lastMicros = 0
/** Wall clock in microseconds, strictly increasing within this process. */
export function nowMicros() {
  const t = Math.floor((performance.timeOrigin + performance.now()) * 1000)
  lastMicros = t > lastMicros ? t : lastMicros + 1
  return lastMicros
}

/** Keeps later times above `floor` (events restored from a file). */
export function bumpMicros(floor) {
  if (floor > lastMicros) lastMicros = floor
}

export function listen(server, port, host = HOST) {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(server.address().port)
    })
  })
}

export function closeServer(server) {
  return new Promise((resolve) => {
    server.closeAllConnections?.()
    server.close(() => resolve())
  })
}

export async function readBody(req, limit = 64 * 1024 * 1024) {
  const chunks = []
  let n = 0
  for await (const c of req) {
    n += c.length
    if (n > limit) throw Object.assign(new Error('body too large'), { status: 413 })
    chunks.push(c)
  }
  return Buffer.concat(chunks)
}

export async function readJson(req) {
  const body = await readBody(req)
  if (!body.length) return {}
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw Object.assign(new Error('body is not JSON'), { status: 400 })
  }
}

export function sendJson(res, status, value, headers = {}) {
  const body = Buffer.from(JSON.stringify(value))
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'access-control-allow-origin': '*',
    ...headers,
  })
  res.end(body)
}

export const xrpcError = (res, status, error, message) => sendJson(res, status, { error, message })

/**
 * Plain HTTP request without fetch's restrictions (needed for browser-like headers).
 * Never follows redirects. Returns { status, headers, body, json() }.
 */
export function request(method, url, { headers = {}, body } = {}, tries = 0) {
  const u = new URL(url)
  return new Promise((resolve, reject) => {
    const payload = body == null ? null : Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body)
    const req = http.request(
      {
        method,
        host: u.hostname === 'localhost' ? HOST : u.hostname,
        port: u.port || 80,
        path: u.pathname + u.search,
        headers: {
          host: u.host,
          ...(payload != null ? { 'content-length': Buffer.byteLength(payload) } : {}),
          ...(payload != null && typeof body === 'object' && !Buffer.isBuffer(body) ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
      },
      async (res) => {
        try {
          const buf = await readBody(res)
          resolve({
            status: res.statusCode,
            headers: res.headers,
            body: buf,
            text: () => buf.toString('utf8'),
            json: () => JSON.parse(buf.toString('utf8')),
          })
        } catch (err) {
          reject(err)
        }
      },
    )
    req.on('error', (err) => {
      // a kept-alive connection that the server has closed meanwhile
      if (req.reusedSocket && err.code === 'ECONNRESET' && tries < 100) resolve(request(method, url, { headers, body }, tries + 1))
      else reject(err)
    })
    if (payload != null) req.write(payload)
    req.end()
  })
}

/** Runs `fn` over `items`, at most `width` at a time; results keep the order of the items. */
export async function mapLimit(items, width, fn) {
  const out = new Array(items.length)
  let next = 0
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      while (next < items.length) {
        const i = next++
        out[i] = await fn(items[i], i)
      }
    }),
  )
  return out
}
