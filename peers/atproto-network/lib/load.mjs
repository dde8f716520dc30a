// Steady traffic: record operations at a given rate on accounts picked at random, one commit per account at a time.
import { bad } from './http.mjs'
import { rng } from './random.mjs'
import { sleep, tid } from './time.mjs'
import { makeRecord } from './content.mjs'

const MAX_IN_FLIGHT = 32
const TICK_MS = 5
const APPLY = 'com.atproto.repo.applyWrites'

export class Load {
  running = true
  done = 0
  errors = 0
  lastError = null
  counts = { create: 0, update: 0, delete: 0 }
  started = Date.now()
  #stop = false
  #made = 0
  #clock = Date.now() * 1000
  #keys = new Map() // account index -> keys of its live records
  #busy = new Set()
  #inFlight = new Set()

  /** `seconds` 0 = until stopped; `batch` = operations per commit. */
  constructor(
    { repos, accounts },
    {
      id,
      rate = 10,
      seconds = 0,
      mix = { create: 70, update: 15, delete: 15 },
      collection = 'com.example.demo.note',
      batch = 1,
      seed = 'load',
    },
  ) {
    if (!accounts.list.some((a) => a.active !== false)) throw bad('no active accounts')
    Object.assign(this, { repos, accounts, id, rate, seconds, mix, collection, batch })
    this.seed = `${repos.seed}/${seed}`
    this.random = rng(this.seed)
    this.dids = accounts.dids
    this.finished = this.#run()
  }

  view() {
    const { id, running, done, errors, lastError, counts, started, rate, ms } = this
    return { id, running, done, errors, lastError, counts, started, rate, ms }
  }

  stop() {
    this.#stop = true
    return this.finished
  }

  async #run() {
    const elapsed = () => Date.now() - this.started
    let issued = 0
    while (!this.#stop && (!this.seconds || elapsed() < this.seconds * 1000)) {
      const due = Math.floor((elapsed() / 1000) * this.rate)
      while (issued < due && this.#inFlight.size < MAX_IN_FLIGHT) {
        const account = this.#pickAccount()
        if (!account) break
        const commits = this.#operations(account, Math.min(this.batch, due - issued))
        issued += commits.flat().length
        this.#start(account, commits)
      }
      await sleep(TICK_MS)
    }
    await Promise.all(this.#inFlight)
    this.running = false
    this.ms = elapsed()
  }

  #pickAccount() {
    const { list } = this.accounts
    for (let tries = 0; tries < 8; tries++) {
      const account = list[this.random.int(list.length)]
      if (!this.#busy.has(account) && account.active !== false) return account
    }
    return undefined
  }

  /** `size` operations in as few commits as possible: a commit may touch a record key only once. */
  #operations(account, size) {
    const commits = [[]]
    for (let i = 0; i < size; i++) {
      const op = this.#operation(account)
      if (commits.at(-1).some((o) => o.rkey === op.rkey)) commits.push([])
      commits.at(-1).push(op)
    }
    return commits
  }

  #operation(account) {
    const { collection, random } = this
    if (!this.#keys.has(account.index)) this.#keys.set(account.index, [])
    const keys = this.#keys.get(account.index)
    const action = keys.length ? this.#pickAction() : 'create'
    const index = ++this.#made
    const record = (edit) =>
      makeRecord({ seed: this.seed, collection, account: account.index, index, accounts: this.dids, edit })
    if (action === 'create') {
      const rkey = tid(this.#clock + index, 7)
      keys.push(rkey)
      return { $type: `${APPLY}#create`, collection, rkey, value: record(0) }
    }
    const at = random.int(keys.length)
    const rkey = keys[at]
    if (action === 'update') return { $type: `${APPLY}#update`, collection, rkey, value: record(index) }
    keys.splice(at, 1)
    return { $type: `${APPLY}#delete`, collection, rkey }
  }

  #pickAction() {
    const x = this.random() * (this.mix.create + this.mix.update + this.mix.delete)
    if (x < this.mix.create) return 'create'
    return x < this.mix.create + this.mix.update ? 'update' : 'delete'
  }

  #start(account, commits) {
    this.#busy.add(account)
    const job = this.#commitAll(account, commits).finally(() => {
      this.#busy.delete(account)
      this.#inFlight.delete(job)
    })
    this.#inFlight.add(job)
  }

  async #commitAll(account, commits) {
    for (const writes of commits)
      try {
        await this.repos.write(account, writes)
        for (const { $type } of writes) this.counts[$type.split('#')[1]]++
        this.done += writes.length
      } catch (err) {
        this.errors += writes.length
        this.lastError = err.message
      }
  }
}
