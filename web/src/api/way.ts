import type { Schemas } from './client'

export type Explained = Schemas['ExplainedQuery']

/** The kind of way, where the server's own word for the newest records, a scan, would frighten without a reason. */
export const wayOf = ({ access, looked_at, order }: Explained) =>
  access === 'scan' && looked_at.length === 0 && order.startsWith(SEEN) ? 'list' : access

/** The order in which records are kept anyway. */
const SEEN = 'in the order in which records were first seen'

const CHEAP = ['list', 'index']

/** What a way costs: a page, up to a bound, or as much as there is. */
export function costOf(way: Explained): 'cheap' | 'bounded' | 'dear' {
  const kind = wayOf(way)
  if (CHEAP.includes(kind)) return way.looked_at.length ? 'bounded' : 'cheap'
  return kind === 'scan' ? 'dear' : 'bounded'
}
