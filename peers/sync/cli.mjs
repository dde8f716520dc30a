// The Happy command line as a process, in a folder of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const here = dirname(fileURLToPath(import.meta.url))

export class Cli {
  #home = mkdtempSync(join(tmpdir(), 'belvedere-happy-'))
  #children = []
  #environment

  constructor(url) {
    this.#environment = {
      ...process.env,
      // Where nobody looks at its terminal, as it believes of continuous integration, it shows nothing.
      CI: 'false',
      HAPPY_SERVER_URL: url,
      // Nothing opens the public web app.
      HAPPY_WEBAPP_URL: 'http://127.0.0.1:9',
      HAPPY_HOME_DIR: this.#home,
      HAPPY_DISABLE_CAFFEINATE: '1',
    }
  }

  // Its output so far is in `text`.
  run(...args) {
    return this.#spawn(join(here, 'node_modules/.bin/happy'), args)
  }

  // The same in a pseudo-terminal of 200 columns and 50 rows; what is written to `stdin` is typed.
  runInTerminal(...args) {
    const command = `stty cols 200 rows 50; exec ${join(here, 'node_modules/.bin/happy')} ${args.join(' ')}`
    return this.#spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'])
  }

  #spawn(program, args) {
    const child = spawn(program, args, { env: this.#environment, cwd: here, stdio: 'pipe', detached: true })
    child.text = ''
    for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (data) => (child.text += data))
    child.ended = new Promise((resolve) => child.on('exit', resolve))
    this.#children.push(child)
    return child
  }

  // Waits for what must happen.
  async until(what, condition, seconds = 120) {
    const end = Date.now() + seconds * 1000
    for (;;) {
      const found = await condition()
      if (found) return found
      if (Date.now() > end) throw new Error(`waited in vain for ${what}\n${this.#said()}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  #said() {
    return this.#children
      .map(({ spawnargs, text }) => `--- ${spawnargs.slice(1).join(' ')}\n${text}`)
      .join('\n')
  }

  // Ends whatever still runs, with what it has started.
  close() {
    for (const { pid, exitCode } of this.#children) {
      try {
        if (exitCode === null) process.kill(-pid)
      } catch {
        // It has ended by itself.
      }
    }
    rmSync(this.#home, { recursive: true, force: true })
  }
}
