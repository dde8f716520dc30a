import type { Schemas } from '@/api/client'

type Lexicon = Schemas['Lexicon']

/** What is said of a lexicon beside its document. */
export const kept = ({
  backfill,
  target_collection,
  action,
  token_cost,
  read_through,
  validation,
}: Lexicon) => ({
  backfill,
  target_collection,
  action,
  token_cost,
  read_through,
  validation,
})

/** Whether a document survives being read and written here: integers of 64 bits do not. */
export function isExact(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value)
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact)
}
