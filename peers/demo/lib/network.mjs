// The test network as a child process, and the truth about its records: what the PDS itself says.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Child } from './children.mjs'

const PROGRAM = fileURLToPath(new URL('../../atproto-network/bin/network.mjs', import.meta.url))

export class TestNetwork {
  static async start({ dir, onCrash }) {
    const network = new TestNetwork()
    const log = path.join(dir, 'network.log')
    const args = [PROGRAM, 'start', '--base-port', '0', '--exit-with-parent']
    network.child = await Child.start(process.execPath, args, { env: process.env, cwd: dir, log, onCrash })
    Object.assign(network, network.child.ready)
    return network
  }

  /** One call of the control API. */
  async call(method, pathname, body) {
    const answer = await fetch(this.control + pathname, { method, body: body && JSON.stringify(body) })
    const json = await answer.json()
    if (!answer.ok) throw new Error(`${method} ${pathname}: ${json.message}`)
    return json
  }

  write(account, action, collection, rest) {
    return this.call('POST', '/records', { account, action, collection, ...rest })
  }

  /** Every record of a collection in one repository, in the form Belvedere answers with: the fields and the uri. */
  async records({ did, pds }, collection) {
    const records = []
    let cursor
    do {
      const query = new URLSearchParams({
        repo: did,
        collection,
        limit: '100',
        ...(cursor ? { cursor } : {}),
      })
      const answer = await fetch(`${pds}/xrpc/com.atproto.repo.listRecords?${query}`)
      const page = await answer.json()
      if (!answer.ok) throw new Error(`listRecords of ${did}: ${page.message}`)
      records.push(...page.records.map(({ uri, value }) => ({ uri, ...value })))
      cursor = page.records.length ? page.cursor : undefined
    } while (cursor)
    return records
  }

  /** Whether some Jetstream subscriber asks for this collection. */
  async isStreamed(collection) {
    const { wanted } = await this.call('GET', '/jetstream')
    const covers = (pattern) =>
      pattern === collection || (pattern.endsWith('.*') && collection.startsWith(pattern.slice(0, -1)))
    return wanted.some((patterns) => patterns.length === 0 || patterns.some(covers))
  }
}
