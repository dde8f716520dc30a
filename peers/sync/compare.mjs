// What is alike, what is different, and which differences docs/sync.md gives a reason for.
import { readFileSync } from 'node:fs'

// The words of the protocol, which clients compare; other strings are content.
const WORDS = new Set(['error', 'result', 'reason', 'status', 'state', 't', 'type', 'kind'])

// A value without what differs from run to run.
export function shape(value, key) {
  if (Array.isArray(value)) return value.map((item) => shape(item))
  if (value && typeof value === 'object') {
    const fields = Object.keys(value).sort()
    return Object.fromEntries(fields.map((field) => [field, shape(value[field], field)]))
  }
  if (typeof value === 'string' && WORDS.has(key)) return `"${value}"`
  return value === null || typeof value === 'boolean' ? value : typeof value
}

// The steps in the last column of the table of differences.
function listed() {
  const text = readFileSync(new URL('../../docs/sync.md', import.meta.url), 'utf8')
  const section = text.split('\n## ').find((part) => part.startsWith('Where answers differ'))
  const rows = section.split('\n').filter((line) => line.startsWith('| '))
  return new Set(
    rows
      .flatMap(
        (row) =>
          row
            .split('|')
            .at(-2)
            .match(/`[^`]+`/g) ?? [],
      )
      .map((it) => it.slice(1, -1)),
  )
}

const expected = listed()
const differences = new Map()
let alike = 0

export function compare(step, theirs, ours) {
  const name = `${step.section} / ${step.step}`
  if (JSON.stringify(theirs) === JSON.stringify(ours)) alike += 1
  else
    differences.set(name, `${name}\n    theirs ${JSON.stringify(theirs)}\n    ours   ${JSON.stringify(ours)}`)
}

// Prints what is not as docs/sync.md says; whether everything is.
export function conclude(total) {
  const unlisted = [...differences.keys()].filter((name) => !expected.has(name))
  const gone = [...expected].filter((name) => !differences.has(name))
  for (const name of unlisted) console.log(`not in docs/sync.md: ${differences.get(name)}`)
  for (const name of gone) console.log(`in docs/sync.md, but alike or no step: ${name}`)
  console.log(
    `${alike} alike, ${differences.size} different and ${unlisted.length} of them without a reason; ${total} steps`,
  )
  return unlisted.length === 0 && gone.length === 0
}
