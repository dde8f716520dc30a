// What every step of the tour works with.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Checks } from './checks.mjs'
import { stopAll } from './children.mjs'
import { quotedJson, readable } from './shell.mjs'
import { Terminal } from './terminal.mjs'
import { until } from './wait.mjs'

/** From the environment of whoever starts the demo, only what programs need to run: no setting of theirs leaks in. */
const INHERITED = ['HOME', 'LANG', 'LC_ALL', 'PATH', 'TERM', 'TMPDIR', 'USER']

export class Demo {
  terminal = new Terminal()
  checks = new Checks(this.terminal)
  /** Settings of Belvedere and of the shell lines: exported, so that a second terminal can have the same. */
  exports = {}
  /** name -> { handle, did, pds, … } */
  people = {}
  /** name -> their browser, with the cookies in it */
  browsers = {}
  /** `network` and `server` are set by the steps that start them. */
  network = null
  server = null

  /** `belvedere`: path of the program; `root`: the project's folder, where shell lines run. */
  constructor({ belvedere, root }) {
    this.belvedere = belvedere
    this.root = root
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'belvedere-demo-'))
    this.crashed = new Promise((_, reject) => (this.onCrash = reject))
    this.crashed.catch(() => {}) // seen by whoever races against it
  }

  get env() {
    const inherited = INHERITED.filter((name) => name in process.env).map((name) => [name, process.env[name]])
    const env = { ...Object.fromEntries(inherited), ...this.exports }
    return { ...env, PATH: `${path.dirname(this.belvedere)}:${env.PATH}` }
  }

  /** Exports a variable to the shell lines, before everybody's eyes. */
  export(name, value) {
    this.exports[name] = value
    this.terminal.command(`export ${name}=${value}`)
  }

  /** Prints a shell line, runs exactly that line, prints what it answers and returns it, parsed if it is JSON. */
  async run(line, { print = true } = {}) {
    this.terminal.command(line)
    const { code, output, errors } = await this.#shell(line)
    if (code !== 0) throw new Error(`exit code ${code} from: ${line}\n${errors || output}`)
    const answer = parsed(output)
    if (print) this.terminal.answer(answer)
    return answer
  }

  #shell(line) {
    return new Promise((resolve, reject) => {
      const shell = spawn('sh', ['-c', line], {
        cwd: this.root,
        env: this.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      let errors = ''
      shell.stdout.setEncoding('utf8').on('data', (text) => (output += text))
      shell.stderr.setEncoding('utf8').on('data', (text) => (errors += text))
      shell.on('error', reject)
      shell.on('close', (code) => resolve({ code, output, errors }))
    })
  }

  /** Has curl ask for what is refused: [status, body]. */
  async refusal(request) {
    const output = await this.run(`curl -s -w ' (%{http_code})' ${request}`)
    const [, body, status] = /^(.*) \((\d+)\)$/s.exec(output)
    return [Number(status), parsed(body)]
  }

  /** Reads one query of Belvedere with curl, before everybody's eyes. */
  query(nsid, parameters = {}) {
    const query = readable(parameters)
    return this.run(`curl -s '${this.server.url}/xrpc/${nsid}${query && `?${query}`}'`)
  }

  /** Makes curl write to the PDS through the test network's control API. */
  write(account, action, collection, rest, options) {
    const body = quotedJson({ account, action, collection, ...rest })
    return this.run(`curl -s ${this.network.control}/records -d ${body}`, options)
  }

  /** Milliseconds until a record can be read from Belvedere. */
  appears(nsid, uri) {
    return until(`${uri} appears`, async () => (await this.server.query(nsid, { uri })).status === 200)
  }

  /** Everything the PDSes hold of a collection, of the people named or of all. */
  async truth(collection, people = Object.values(this.people)) {
    const lists = await Promise.all(people.map((person) => this.network.records(person, collection)))
    return byUri(lists.flat())
  }

  /** Checks that a list query answers with exactly what the PDSes hold, however many pages that takes. */
  async checkAgainstPds(label, nsid, collection, people) {
    const expected = await this.truth(collection, people)
    this.checks.equal(
      `${label}: ${expected.length} records, exactly those of the PDS`,
      byUri(await this.server.listAll(nsid)),
      expected,
    )
  }

  async close() {
    await stopAll()
    this.discard()
  }

  discard() {
    fs.rmSync(this.dir, { recursive: true, force: true })
  }
}

/** In the order of their URIs: for comparing what two sources hold, whatever order they list it in. */
export const byUri = (records) => [...records].sort((a, b) => (a.uri < b.uri ? -1 : 1))

function parsed(output) {
  try {
    return JSON.parse(output)
  } catch {
    return output
  }
}
