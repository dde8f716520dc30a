/** A problem as the server describes it. */

import type { components } from './schema.js'

type Wire = components['schemas']['Error']

/** A call that the server refused or could not answer. */
export class BelvedereError extends Error {
  override readonly name = 'BelvedereError'
  /** The HTTP status. */
  readonly status: number
  /** The problem's name for programs, e.g. `InsufficientPermissions`, if it has one. */
  readonly problem: string | undefined
  /** What to search the server's log for, if the server is in trouble. */
  readonly correlationId: string | undefined

  /** @param body - The body of the answer: a problem, or whatever stands between here and the server wrote. */
  constructor(status: number, body: unknown) {
    const { error, message, correlationId } = isWire(body) ? body : {}
    super(message ?? error ?? `the server answered ${status}`)
    this.status = status
    this.problem = message === undefined ? undefined : error
    this.correlationId = correlationId
  }
}

function isWire(body: unknown): body is Wire {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'
}
