// What the programs have in common: surroundings come in on standard input as JSON, what was seen goes out as one
// line of JSON, and what went wrong is said on standard error with exit code 1.
import { text } from 'node:stream/consumers'

/** A program that takes longer waits for something that will not come. */
const TIME_LIMIT_MS = 120_000

/** Runs a program. `needs` names the surroundings it cannot do without, `a.b` being `b` in the object `a`. */
export async function program(needs, see) {
  setTimeout(giveUp, TIME_LIMIT_MS).unref()
  try {
    const given = parse(await text(process.stdin))
    const missing = needs.filter((path) => at(given, path) === undefined)
    if (missing.length) throw new Error(`not given on standard input: ${missing.join(', ')}`)
    process.stdout.write(JSON.stringify(await see(given)) + '\n')
  } catch (err) {
    process.stderr.write(`${explain(err)}\n`)
    process.exitCode = 1
  }
}

/** The error that a call must end with. */
export async function refusal(what, call) {
  const outcome = await call().then(
    () => null,
    (err) => err,
  )
  if (!outcome) throw new Error(`${what} was accepted`)
  return outcome
}

function giveUp() {
  process.stderr.write(`not done after ${TIME_LIMIT_MS} ms\n`)
  process.exit(1)
}

function parse(json) {
  try {
    return JSON.parse(json)
  } catch (err) {
    throw new Error('standard input is not JSON', { cause: err })
  }
}

const at = (object, path) => path.split('.').reduce((value, name) => value?.[name], object)

/** Libraries wrap what happened in what they were doing: all of it is wanted. */
function explain(err) {
  const own = err?.stack ?? String(err)
  return err?.cause ? `${own}\ncaused by ${explain(err.cause)}` : own
}
