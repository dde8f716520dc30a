// What the tour promises, checked as it goes.
import { inspect, isDeepStrictEqual } from 'node:util'

const show = (value) => inspect(value, { depth: 8, breakLength: 100, maxArrayLength: 40 })

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
      this.terminal.failed(label, `expected ${show(expected)}\nbut got  ${show(actual)}`)
    }
  }
}
