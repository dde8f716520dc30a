// JSON of which nobody has said what shape it has.

export type Node = Record<string, unknown>

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What has members; without any if it is something else. */
export const node = (value: unknown): Node => (isNode(value) ? value : {})

/** A text; an empty one if it is something else. */
export const text = (value: unknown) => (typeof value === 'string' ? value : '')
