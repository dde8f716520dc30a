// Belvedere as a child process, and reading from it without printing.
import path from 'node:path'
import { Child } from './children.mjs'

export class Server {
  #port = 0
  #nextStart

  /** `env` configures it; the first start takes a free port, later ones take the same. */
  constructor({ program, dir, env, cwd, onCrash }) {
    this.program = program
    this.options = { env, cwd, log: path.join(dir, 'belvedere.log'), onCrash }
  }

  /** The command line of the next start, as a person would type it. */
  get line() {
    return `belvedere ${this.#args().join(' ')}`
  }

  #args() {
    return ['serve', '--port', String(this.#port), '--dev']
  }

  async start() {
    this.child = await Child.start(this.program, this.#args(), this.options)
    this.url = this.child.ready.url
    this.#port = Number(new URL(this.url).port)
    return this.child
  }

  /** { status, body } of a GET. */
  async get(pathname, headers = {}) {
    const answer = await fetch(this.url + pathname, { headers })
    return { status: answer.status, body: await answer.json() }
  }

  query(nsid, parameters = {}) {
    return this.get(`/xrpc/${nsid}?${new URLSearchParams(parameters)}`)
  }

  /** Every record of a list query, page after page. */
  async listAll(nsid, parameters = {}) {
    const records = []
    let cursor
    do {
      const { status, body } = await this.query(nsid, {
        limit: '100',
        ...parameters,
        ...(cursor ? { cursor } : {}),
      })
      if (status !== 200) throw new Error(`${nsid}: ${status} ${JSON.stringify(body)}`)
      records.push(...body.records)
      cursor = body.cursor
    } while (cursor)
    return records
  }
}
