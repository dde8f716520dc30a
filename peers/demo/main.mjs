#!/usr/bin/env node
// A tour of Belvedere on a real network: `make demo`. With --once (`make demo ONCE=1`) it ends after the tour and its
// exit code says whether every check passed; otherwise it goes on until Ctrl-C.
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Demo } from './lib/demo.mjs'
import { live } from './lib/live.mjs'
import { inWords } from './lib/wait.mjs'
import { STEPS } from './steps/index.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const { values: options } = parseArgs({
  options: {
    belvedere: { type: 'string', default: path.join(ROOT, 'target/debug/belvedere') },
    once: { type: 'boolean', default: false },
  },
})

const demo = new Demo({ belvedere: path.resolve(options.belvedere), root: ROOT })
const interrupt = new AbortController()

async function tour() {
  const started = performance.now()
  demo.terminal.title('Belvedere: a lexicon goes in, a live view of the network comes out')
  for (const [index, step] of STEPS.entries()) {
    demo.terminal.heading(index + 1, step.title)
    await step.run(demo)
  }
  const { passed, failed } = demo.checks
  const took = inWords(performance.now() - started)
  demo.terminal.title(`${passed + failed} checks, ${passed} passed, ${failed} failed, ${took}`)
}

/** 0 if all is well so far. */
const verdict = () => (demo.checks.failed ? 1 : 0)

/** Resolves with the exit code when a signal comes; after the tour that is how the demo is meant to end. */
let tourDone = false
const signalled = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      interrupt.abort()
      resolve(tourDone ? verdict() : 128 + constants.signals[signal])
    })
})

async function main() {
  await tour()
  tourDone = true
  if (!options.once) await live(demo, interrupt.signal)
  return verdict()
}

let code = 1
try {
  code = await Promise.race([main(), signalled, demo.crashed])
} catch (err) {
  demo.terminal.print(`\n${demo.terminal.style('red', 'The demo failed:')} ${err.message}`)
} finally {
  demo.terminal.print()
  await demo.close()
}
process.exit(code)
