// The control API: everything a test needs, as JSON over HTTP.
import http from 'node:http'
import { closeServer, listen, readBody, readJson, sendJson, bad } from './http.mjs'
import { dohHandler } from './dns.mjs'
import { approve } from './oauth/browser.mjs'

const int = (raw, fallback) => Number(raw ?? fallback)

/** "METHOD /path" -> handler({ body, q, id }) giving the answer. `:id` stands for a number. */
function routes(network) {
  const { accounts, dns, faults, relay, repos } = network
  const { jetstream } = relay
  const view = (list) => list.map((a) => accounts.view(a))
  const done = (action) => {
    action()
    return {}
  }
  return {
    'GET /': ({ q }) => network.info(int(q.get('limit'), 20)),
    'GET /info': ({ q }) => network.info(int(q.get('limit'), 20)),

    'GET /accounts': ({ q }) => {
      const from = int(q.get('from'), 0)
      return view(accounts.list.slice(from, from + int(q.get('limit'), 1000)))
    },
    'POST /accounts': async ({ body }) => view(await accounts.add(body.count ?? 1, body)),
    'POST /accounts/status': ({ body }) => accounts.setStatus(accounts.find(body.account), body.action),
    'POST /accounts/handle': ({ body }) => accounts.setHandle(accounts.find(body.account), body.handle),
    'POST /accounts/session': async ({ body }) => ({
      accessJwt: await accounts.session(accounts.find(body.account)),
    }),

    'POST /seed': ({ body }) => repos.seedContent(body),
    'POST /records': ({ body }) => repos.putRecord(body),
    'POST /writes': ({ body }) => repos.write(accounts.find(body.account), body.writes),
    'POST /lexicons': ({ body }) => repos.publishLexicons(body),

    'POST /load': ({ body }) => network.startLoad(body).view(),
    'GET /load': () => [...network.loads.values()].map((l) => l.view()),
    'GET /load/:id': ({ id }) => network.load(id).view(),
    'DELETE /load/:id': async ({ id }) => {
      await network.load(id).stop()
      return network.load(id).view()
    },

    'POST /labels': ({ body }) => {
      if (!network.labeler) throw bad('this network has no labeler')
      return network.labeler.apply(body.labels)
    },

    'POST /faults': ({ body }) => faults.add(body),
    'GET /faults': () => faults.rules,
    'DELETE /faults': ({ q }) => done(() => faults.clear(q.get('id'))),

    'POST /dns': ({ body }) => done(() => dns.setTxt(body.name, body.txt ?? [])),
    'GET /dns': () => Object.fromEntries(dns.txt),
    'POST /hosts': ({ body }) => network.mapHost(body.map),

    'GET /jetstream': () => ({ ...jetstream.stat(), firehoseSubscribers: relay.firehose.subscribers.size }),
    'POST /jetstream/disconnect': ({ body }) => done(() => relay.disconnectAll(body.code)),
    'POST /jetstream/pause': () => done(() => jetstream.setPaused(true)),
    'POST /jetstream/resume': () => done(() => jetstream.setPaused(false)),
    'POST /jetstream/inject': ({ body: { raw, events = [] } }) =>
      done(() => {
        if (raw !== undefined) jetstream.injectRaw(typeof raw === 'string' ? raw : JSON.stringify(raw))
        for (const event of events) relay.emit(event)
      }),

    'POST /settle': async () => {
      await relay.settle()
      return {}
    },
    'POST /oauth/approve': ({ body }) => approve(body),
  }
}

export class ControlApi {
  constructor(network) {
    this.network = network
    this.routes = routes(network)
    this.server = http.createServer((req, res) => this.#handle(req, res))
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
    try {
      if (url.pathname === '/dns-query') return dohHandler(this.network.dns, url, await queryBytes(req), res)
      if (`${req.method} ${url.pathname}` === 'POST /blobs')
        return sendJson(res, 200, await this.#blob(req, url))
      const route = this.#route(req.method, url.pathname)
      const body = req.method === 'POST' ? await readJson(req) : {}
      sendJson(res, 200, await route({ body, q: url.searchParams }))
    } catch (err) {
      sendJson(res, err.status ?? 500, { error: err.xrpc?.error ?? 'Error', message: err.message })
    }
  }

  #route(method, path) {
    const [, head, id] = /^(.*?)(?:\/(\d+))?$/.exec(path)
    const route = this.routes[`${method} ${id === undefined ? path : `${head}/:id`}`]
    if (!route) throw bad(`no such endpoint: ${method} ${path}`, 404)
    return (request) => route({ ...request, id })
  }

  async #blob(req, url) {
    const account = this.network.accounts.find(url.searchParams.get('account'))
    const mime = req.headers['content-type'] ?? 'application/octet-stream'
    return this.network.repos.uploadBlob(account, await readBody(req), mime)
  }
}

const queryBytes = (req) => (req.method === 'POST' ? readBody(req) : null)
