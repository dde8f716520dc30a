// Serving and making plain HTTP requests on loopback.
import http from 'node:http'

export const HOST = '127.0.0.1'

/** An error that becomes an HTTP answer with this status. */
export const bad = (message, status = 400) => Object.assign(new Error(message), { status })

/** A numeric parameter brought into range; absent, zero or malformed gives the fallback. */
export function clampInt(raw, { min, max, fallback }) {
  return Math.max(min, Math.min(max, Number.parseInt(raw ?? '', 10) || fallback))
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
    if (n > limit) throw bad('body too large', 413)
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
    throw bad('body is not JSON')
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
    const payload =
      body == null ? null : Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body)
    const req = http.request(
      {
        method,
        host: u.hostname === 'localhost' ? HOST : u.hostname,
        port: u.port || 80,
        path: u.pathname + u.search,
        headers: {
          host: u.host,
          ...(payload != null ? { 'content-length': Buffer.byteLength(payload) } : {}),
          ...(payload != null && typeof body === 'object' && !Buffer.isBuffer(body)
            ? { 'content-type': 'application/json' }
            : {}),
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
      if (req.reusedSocket && err.code === 'ECONNRESET' && tries < 100)
        resolve(request(method, url, { headers, body }, tries + 1))
      else reject(err)
    })
    if (payload != null) req.write(payload)
    req.end()
  })
}
