// What the tour promises, checked as it goes.
import { inspect, isDeepStrictEqual } from 'node:util'

const show = (value) => inspect(value, { depth: 8, breakLength: 100, maxArrayLength: 5 })
const without = (list, other) => list.filter((item) => !other.some((o) => isDeepStrictEqual(item, o)))

/** What a person needs to see of two values that should be equal. */
export function difference(actual, expected) {
  const lists = Array.isArray(actual) && Array.isArray(expected)
  const missing = lists ? without(expected, actual) : []
  const extra = lists ? without(actual, expected) : []
  if (!missing.length && !extra.length) return `expected ${show(expected)}\nbut got  ${show(actual)}`
  return `missing ${show(missing)}\ntoo much ${show(extra)}`
}

export class Checks {
  passed = 0
  failed = 0

  constructor(terminal) {
    this.terminal = terminal
  }

  /** Equal in every field; the order of an object's keys does not matter, that of a list does. */
  equal(label, actual, expected) {
    if (isDeepStrictEqual(actual, expected)) {
      this.passed++
      this.terminal.passed(label)
    } else {
      this.failed++
      this.terminal.failed(label, difference(actual, expected))
    }
  }
}
