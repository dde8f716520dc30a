// What the server says when it refuses, as a sentence.

export interface Refusal {
  status: number
  error: string
  message?: string
  correlationId?: string
}

const isRefusal = (error: unknown): error is Refusal =>
  typeof error === 'object' && error !== null && 'status' in error && 'error' in error

export const statusOf = (error: unknown) => (isRefusal(error) ? error.status : undefined)

/** Errors are no sentences. A name in front is left as it is. */
export const sentence = (text: string) =>
  text
    .replace(/^[a-z]+(?= )/, (word) => word.charAt(0).toUpperCase() + word.slice(1))
    .replace(/[^.!?…]$/, '$&.')

/** What to tell a person. */
export function explain(error: unknown, unreachable: string): string {
  if (isRefusal(error)) {
    const text = sentence(error.message ?? error.error)
    return error.correlationId ? `${text} (${error.correlationId})` : text
  }
  if (error instanceof TypeError) return unreachable
  return error instanceof Error ? sentence(error.message) : unreachable
}

/** The permission that was missing, if that was why. */
export const missingPermission = (error: unknown) =>
  isRefusal(error) ? /^Missing permission: ([^.]+)/.exec(error.message ?? error.error)?.[1] : undefined

/** Whether there is no such route at all: the app that has it is switched off. Things that are not there say what they are. */
export const isOff = (error: unknown) =>
  isRefusal(error) && error.status === 404 && error.error === 'Not found'
