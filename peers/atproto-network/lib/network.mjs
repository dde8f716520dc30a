// A whole network in one process: starts the parts in order and stops them in reverse.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { HOST, bad } from './http.mjs'
import { Accounts } from './accounts.mjs'
import { ControlApi } from './control.mjs'
import { DnsTable, DnsServer, patchNodeDns } from './dns.mjs'
import { Faults } from './faults.mjs'
import { Labeler } from './labeler.mjs'
import { Load } from './load.mjs'
import { PlcDirectory } from './plc/directory.mjs'
import { Relay } from './relay/relay.mjs'
import { Repos } from './repos.mjs'
import { DICT_V2_ID } from './zstd.mjs'

const DEFAULTS = {
  basePort: 2582, // 0 = free ports
  pds: 1,
  seed: 'network',
  dataDir: null,
  rateLimits: false,
  domains: ['.test'],
  retain: 500_000,
  lookbackHours: 36,
  adminPassword: 'admin-password',
  maps: [], // "https-host=http://127.0.0.1:port"
  labeler: true,
  dns: true,
}

/** The PDS opens and closes one SQLite file per write: memory-backed storage is several times faster. */
function tempRoot() {
  try {
    fs.accessSync('/dev/shm', fs.constants.W_OK)
    const { bavail, bsize } = fs.statfsSync('/dev/shm')
    if (bavail * bsize > 1 << 30) return '/dev/shm'
  } catch {
    // no such file system here
  }
  return os.tmpdir()
}

export class Network {
  loads = new Map()
  faults = new Faults()
  dns = new DnsTable()
  pdses = []
  #closers = []

  static async start(options = {}) {
    const network = new Network()
    const given = Object.entries(options).filter(([, v]) => v !== undefined)
    try {
      await network.#start({ ...DEFAULTS, ...Object.fromEntries(given) })
    } catch (err) {
      await network.close()
      throw err
    }
    return network
  }

  async #start(options) {
    const { basePort, dataDir, seed } = options
    this.seed = seed
    this.adminPassword = options.adminPassword
    this.dataDir = dataDir ?? fs.mkdtempSync(path.join(tempRoot(), 'atproto-network-'))
    if (!dataDir) this.#closers.push(() => fs.rmSync(this.dataDir, { recursive: true, force: true }))
    fs.mkdirSync(this.dataDir, { recursive: true })
    const file = (name) => (dataDir ? path.join(dataDir, name) : null)
    const port = (offset) => (basePort ? basePort + offset : 0)

    patchNodeDns(this.dns)
    this.plc = this.#closing(
      await new PlcDirectory({ file: file('plc.jsonl'), faults: this.faults }).start(port(0)),
    )
    await this.#startPdses(options, port)
    this.relay = this.#closing(
      await new Relay({
        faults: this.faults,
        retain: options.retain,
        lookbackMs: options.lookbackHours * 3600_000,
        file: file('relay.jsonl'),
      }).start(port(2)),
    )
    for (const pds of this.pdses) this.relay.follow(pds)
    if (options.labeler) {
      const labeler = new Labeler({ faults: this.faults, file: file('labels.jsonl'), seed })
      this.labeler = this.#closing(await labeler.start(port(3), this.plc, this.pdses[0].url))
      this.dns.setTxt('_atproto.labeler.example.com', `did=${this.labeler.did}`)
    }
    if (options.dns) this.dnsServer = this.#closing(await new DnsServer(this.dns).start(port(4)))
    this.accounts = new Accounts({ ...this, file: file('accounts.json') })
    this.repos = new Repos({ ...this, settle: () => this.relay.settle() })
    this.control = this.#closing(await new ControlApi(this).start(port(5)))
  }

  async #startPdses({ pds: count, domains, maps, rateLimits }, port) {
    const { Pds, hostMap } = await import('./pds.mjs')
    this.hostMap = hostMap
    for (const spec of maps) this.mapHost(spec)
    for (let index = 0; index < count; index++) {
      const pds = await Pds.start({
        ...this,
        index,
        port: port(index === 0 ? 1 : 8 + index),
        plcUrl: this.plc.url,
        rateLimits,
        domains: index === 0 ? domains : domains.map((d) => `.pds${index}${d}`),
      })
      this.pdses.push(this.#closing(pds))
    }
  }

  #closing(part) {
    this.#closers.push(() => part.close())
    return part
  }

  async close() {
    await Promise.all([...this.loads.values()].map((l) => l.stop()))
    for (const close of this.#closers.reverse()) await close()
    this.#closers = []
  }

  info(limit = 20) {
    return {
      plc: this.plc.url,
      pds: this.pdses.map((p) => p.url),
      pdsDids: this.pdses.map((p) => p.did),
      relay: this.relay.url,
      jetstream: this.relay.url.replace('http', 'ws'),
      jetstreamV2DictionaryId: DICT_V2_ID,
      labeler: this.labeler ? { url: this.labeler.url, did: this.labeler.did } : null,
      dns: this.dnsServer ? `${HOST}:${this.dnsServer.port}` : null,
      doh: `${this.control.url}/dns-query`,
      control: this.control.url,
      adminPassword: this.adminPassword,
      dataDir: this.dataDir,
      accountCount: this.accounts.length,
      accounts: this.accounts.list.slice(0, limit).map((a) => this.accounts.view(a)),
    }
  }

  /** `spec` is "https-host=http://127.0.0.1:port"; answers the whole map. */
  mapHost(spec) {
    const at = spec.indexOf('=')
    if (at < 1) throw bad(`not host=url: ${spec}`)
    this.hostMap.set(spec.slice(0, at), spec.slice(at + 1))
    return Object.fromEntries(this.hostMap)
  }

  startLoad(options) {
    const id = String(this.loads.size + 1)
    const load = new Load(this, { ...options, id })
    this.loads.set(id, load)
    return load
  }

  load(id) {
    const load = this.loads.get(id)
    if (!load) throw bad(`no such load: ${id}`, 404)
    return load
  }
}
