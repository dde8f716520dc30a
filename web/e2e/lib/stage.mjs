// What the tests of the app play on: a real PDS and its network, the server with all its apps, and a browser.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { Child, stopAll } from '../../../peers/demo/lib/children.mjs'
import { TestNetwork } from '../../../peers/demo/lib/network.mjs'
import { settings as ofTheHold } from './hold.mjs'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const BELVEDERE = path.resolve(process.env.BELVEDERE ?? path.join(ROOT, 'target/debug/belvedere'))

/** What a browser may be called. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome']

/** Every other name, also those that a browser asks for by itself, does not exist. */
const ONLY_HERE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'

/** An account that is at home on the server, for pushing images. */
export const PUSHER = { handle: 'alice.test', password: 'a-long-password' }

const found = (names) => {
  const files = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((dir) => names.map((name) => path.join(dir, name)))
  return files.find((file) => fs.existsSync(file))
}

/** Why the tests cannot be run on this machine, if they cannot. */
export function missing() {
  if (!found(BROWSERS)) return 'they need Chromium: run "make setup" as root, or install it by hand'
  if (!fs.existsSync(BELVEDERE)) return `there is no ${BELVEDERE}: build the server`
  return null
}

/** Whether a tool is installed. */
export const has = (tool) => found([tool]) !== undefined

/** Starts everything. */
export async function setUp() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'belvedere-web-'))
  const onCrash = (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
  const network = await TestNetwork.start({ dir, onCrash })
  const env = {
    ...Object.fromEntries(
      ['HOME', 'PATH', 'TMPDIR'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    ),
    APPS: 'appview,registry,social,sync',
    DATA_DIR: dir,
    DATABASE_URL: `sqlite://${dir}`,
    PLC_URL: network.plc,
    JETSTREAM_URL: network.jetstream,
    RELAY_URL: network.relay,
    DNS_SERVER: network.dns,
    DEFAULT_RATE_LIMIT_CAPACITY: '100000',
    REGISTRY_LOCAL_ACCOUNTS: `${PUSHER.handle}:${PUSHER.password}`,
    // What is tried again after minutes is tried again in the tests' time.
    BELVEDERE_TIME_SCALE: '100',
    ...ofTheHold(dir),
  }
  const child = await Child.start(BELVEDERE, ['serve', '--port', '0', '--dev'], {
    env,
    cwd: dir,
    log: path.join(dir, 'belvedere.log'),
    onCrash,
  })
  const browser = await chromium.launch({ executablePath: found(BROWSERS), args: [ONLY_HERE] })
  return {
    dir,
    network,
    url: child.ready.url,
    browser,
    /** Runs a program, with the settings of the server. */
    run: async (program, args) => (await promisify(execFile)(program, args, { env, cwd: dir })).stdout,
    belvedere: BELVEDERE,
    async end() {
      await browser.close()
      await stopAll()
      fs.rmSync(dir, { recursive: true, force: true })
    },
  }
}
