// The HTTP interface of the public PLC directory.
import http from 'node:http'
import { bad, closeServer, listen, readJson, sendJson } from '../http.mjs'
import { didDocument } from './document.mjs'
import { Operations } from './operations.mjs'

const notFound = () => bad('Not found', 404)

const auditRow = ({ did, operation, cid, nullified, createdAt }) => ({
  did,
  operation,
  cid: cid.toString(),
  nullified,
  createdAt: createdAt.toISOString(),
})

export class PlcDirectory {
  constructor({ file, faults }) {
    this.operations = new Operations(file)
    this.server = http.createServer((req, res) => {
      this.#handle(req, res).catch((err) => sendJson(res, err.status ?? 500, { message: err.message }))
    })
    faults.wrap(this.server, 'plc')
  }

  async start(port) {
    this.port = await listen(this.server, port)
    this.url = `http://localhost:${this.port}`
    return this
  }

  close() {
    return closeServer(this.server)
  }

  async #handle(req, res) {
    const url = new URL(req.url, this.url)
    const path = decodeURIComponent(url.pathname)
    const [, did, what = ''] = /^\/(did:[^/]+)(\/.*)?$/.exec(path) ?? []
    if (req.method === 'POST' && did && !what) {
      await this.operations.submit(did, await readJson(req))
      return res.writeHead(200, { 'content-type': 'text/plain' }).end('OK')
    }
    if (req.method !== 'GET' && req.method !== 'HEAD') throw bad('Method not allowed', 405)
    if (did) return this.#did(did, what, res)
    if (path === '/') return sendJson(res, 200, { service: 'plc' })
    if (path === '/_health') return sendJson(res, 200, { version: 'local' })
    if (path === '/export') return this.#export(url.searchParams, res)
    throw notFound()
  }

  #did(did, what, res) {
    const { operations } = this
    switch (what) {
      case '':
        return sendJson(res, 200, didDocument(operations.data(did)), {
          'content-type': 'application/did+ld+json; charset=utf-8',
        })
      case '/data':
        return sendJson(res, 200, operations.data(did))
      case '/log':
        return sendJson(
          res,
          200,
          operations.live(did).map((o) => o.operation),
        )
      case '/log/audit':
        return sendJson(res, 200, operations.all(did).map(auditRow))
      case '/log/last':
        return sendJson(res, 200, operations.live(did).at(-1).operation)
      default:
        throw notFound()
    }
  }

  /** `after` is a sequence number or a time; rows carry their number only in the first case. */
  #export(q, res) {
    const count = Math.min(Number(q.get('count')) || 1000, 1000)
    const after = q.get('after')
    const bySeq = /^\d+$/.test(after ?? '')
    const since = after && !bySeq ? Date.parse(after) : -Infinity
    const rows = this.operations.log
      .filter((r) => (bySeq ? r.seq > Number(after) : r.createdAt.getTime() > since))
      .slice(0, count)
      .map((r) => ({ ...(bySeq ? { seq: r.seq, type: 'sequenced_op' } : {}), ...auditRow(r) }))
    res.writeHead(200, { 'content-type': 'application/jsonlines' })
    res.end(rows.map((r) => JSON.stringify(r)).join('\n'))
  }
}
