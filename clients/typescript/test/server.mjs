// A real server: the one at BELVEDERE_URL with the API key BELVEDERE_KEY, or one of our own, run from the program BELVEDERE.

import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/**
 * @typedef {object} Server
 * @property {string} baseUrl
 * @property {string} apiKey May do everything.
 * @property {() => Promise<void>} stop
 */

/** @returns {Promise<Server | undefined>} Nothing if the environment names no server. */
export async function server() {
  const { BELVEDERE_URL, BELVEDERE_KEY, BELVEDERE } = process.env
  if (BELVEDERE_URL && BELVEDERE_KEY) {
    return { baseUrl: BELVEDERE_URL, apiKey: BELVEDERE_KEY, stop: async () => {} }
  }
  return BELVEDERE ? start(BELVEDERE) : undefined
}

/**
 * @param {string} program
 * @returns {Promise<Server>}
 */
async function start(program) {
  const dir = await mkdtemp(join(tmpdir(), 'belvedere-'))
  // Nobody is found in the network, and nobody needs to be.
  const nowhere = 'http://127.0.0.1:1'
  const env = { PLC_URL: nowhere, RELAY_URL: nowhere, JETSTREAM_URL: 'ws://127.0.0.1:1' }
  const options = { cwd: dir, env }
  const serve = ['serve', '--dev', '--port', '0', '--metrics-port', '0', '--log', 'error']
  const child = spawn(program, serve, { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject))
  const stop = async () => {
    child.kill()
    await ended
    await rm(dir, { recursive: true })
  }
  try {
    const baseUrl = await Promise.race([
      ready(child.stdout),
      ended.then(() => Promise.reject(new Error('ended'))),
    ])
    const key = await promisify(execFile)(
      program,
      ['key', 'create', '--template', 'full_access', '--json'],
      options,
    )
    return { baseUrl, apiKey: JSON.parse(key.stdout).key, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * The address in the ready line.
 *
 * @param {import('node:stream').Readable} stdout
 * @returns {Promise<string>}
 */
async function ready(stdout) {
  for await (const line of createInterface(stdout)) return JSON.parse(line).url
  throw new Error('the server said nothing')
}
