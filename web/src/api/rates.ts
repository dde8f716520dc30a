// What comes in, as numbers.

interface Activity {
  collection: string
  created: number
  updated: number
  deleted: number
}

/** One second of what comes in, as `GET /admin/live` sends it. */
export interface Moment {
  after_ms: number
  last_change: number
  collections: Activity[]
  sources: { name: string; time_us: number | null; followed: boolean }[]
  open_gaps: number
}

const total = ({ created, updated, deleted }: Activity) => created + updated + deleted

/** Events per second of each moment, oldest first, of one collection or of all. */
export function rates(moments: Moment[], collection?: string): number[] {
  return moments.map(({ collections, after_ms }) => {
    const counted = collection ? collections.filter((one) => one.collection === collection) : collections
    return (counted.reduce((sum, one) => sum + total(one), 0) * 1000) / Math.max(after_ms, 1)
  })
}

/** Which collections were busy, and how much per second over the last `seconds` moments; busiest first. */
export function busiest(moments: Moment[], seconds: number): { collection: string; rate: number }[] {
  const recent = moments.slice(-seconds)
  const length = recent.reduce((sum, { after_ms }) => sum + after_ms, 0) / 1000 || 1
  const counts = new Map<string, number>()
  for (const one of recent.flatMap(({ collections }) => collections))
    counts.set(one.collection, (counts.get(one.collection) ?? 0) + total(one))
  return [...counts]
    .map(([collection, count]) => ({ collection, rate: count / length }))
    .sort((a, b) => b.rate - a.rate)
}

/** Seconds between the last event of the followed source that is furthest and now; `null` if none is followed. */
export function lag(moment: Moment | undefined, now: number): number | null {
  const times = (moment?.sources ?? []).flatMap(({ time_us, followed }) =>
    followed && time_us ? [time_us] : [],
  )
  return times.length === 0 ? null : Math.max(0, now / 1000 - Math.max(...times) / 1e6)
}
