// One network shared by all checks, and what they talk to it with.
import { before, after } from 'node:test'
import { Network } from '../lib/network.mjs'
import { request } from '../lib/http.mjs'
import { WebSocket } from '../lib/websocket.mjs'

export const NOTE = 'com.example.demo.note'
export let net
export let info

before(async () => {
  net = await Network.start({ basePort: 0, pds: 2, rateLimits: true, seed: 'test' })
  try {
    await net.repos.seedContent({
      accounts: 4,
      records: 120,
      collections: [NOTE, 'com.example.demo.profile'],
    })
    info = net.info()
  } catch (err) {
    await net.close() // `after` does not run when `before` failed
    throw err
  }
})
after(() => net.close())

export const get = (url, headers) => request('GET', url, { headers })
export const xrpc = (base, nsid, params = {}) => `${base}/xrpc/${nsid}?${new URLSearchParams(params)}`
export const subscribeUrl = (query = '') => `${info.jetstream}/subscribe${query}`

/** Collects websocket messages until `done(list)` is true. */
export function collect(
  url,
  done,
  { headers, onOpen, timeout = 15_000, decode = (d) => JSON.parse(d.toString('utf8')) } = {},
) {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, { headers })
    const out = []
    const timer = setTimeout(() => {
      ws.terminate()
      reject(new Error(`timeout with ${out.length} messages`))
    }, timeout)
    ws.on('open', () => onOpen?.(ws))
    ws.on('message', (d) => {
      out.push(decode(d))
      if (done(out)) {
        clearTimeout(timer)
        ws.close()
        resolve(out)
      }
    })
    ws.on('error', (e) => {
      clearTimeout(timer)
      reject(e)
    })
    ws.on('unexpected-response', (_req, res) => {
      clearTimeout(timer)
      let body = ''
      res.on('data', (c) => (body += c))
      res.on('end', () =>
        reject(Object.assign(new Error(`HTTP ${res.statusCode}`), { status: res.statusCode, body })),
      )
    })
  })
}
