// The programs the demo starts: each is watched, logged, and stopped when the demo ends, however it ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { createInterface } from 'node:readline'

const READY_MS = 60_000
const STOP_MS = 10_000
const LOG_TAIL_LINES = 20

const running = new Set()

// The last resort, when there is no time left to ask politely.
process.on('exit', () => {
  for (const child of running) child.process.kill('SIGKILL')
})

export class Child {
  #stopping = false

  /**
   * Starts a program and gives its first line of standard output, which must be JSON, as `ready`. Standard error goes
   * to the file `log`. `onCrash(error)` is called if it ends without being stopped.
   */
  static async start(program, args, { env, cwd, log, onCrash }) {
    const child = new Child()
    const started = performance.now()
    const stderr = fs.openSync(log, 'a')
    // A process group of its own: Ctrl-C reaches the demo alone, which stops its children in order.
    child.process = spawn(program, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', stderr] })
    fs.closeSync(stderr)
    running.add(child)
    child.exited = once(child.process, 'exit').finally(() => running.delete(child))
    child.exited.then(
      () => child.#stopping || onCrash(child.#died(program, log)),
      (err) => onCrash(err), // it could not be started at all
    )
    const line = once(createInterface({ input: child.process.stdout }), 'line', {
      signal: AbortSignal.timeout(READY_MS),
    })
    const first = await Promise.race([line, child.exited]).catch((err) => {
      throw err.name === 'AbortError'
        ? new Error(`${program} was not ready within ${READY_MS / 1000} s`)
        : err
    })
    if (child.process.exitCode !== null || child.process.signalCode !== null) throw child.#died(program, log)
    child.startMs = performance.now() - started
    child.ready = JSON.parse(first[0])
    return child
  }

  #died(program, log) {
    const { exitCode, signalCode } = this.process
    const tail = fs.readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n')
    return new Error(
      `${program} ended with ${signalCode ?? `exit code ${exitCode}`}; its last words:\n${tail}`,
    )
  }

  /** Asks it to end, and ends it if it does not. */
  async stop() {
    this.#stopping = true
    if (!running.has(this)) return
    this.process.kill('SIGTERM')
    const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS)
    await this.exited
    clearTimeout(timer)
  }

  /** kill -9: no chance to save anything. */
  async kill() {
    this.#stopping = true
    this.process.kill('SIGKILL')
    await this.exited
  }
}

/** Stops everything that still runs, the newest first. */
export async function stopAll() {
  for (const child of [...running].reverse()) await child.stop()
}
