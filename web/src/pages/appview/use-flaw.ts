import { useEffect } from 'react'
import { api } from '@/api/client'
import type { Address } from '@/api/links'
import { PAGED } from '@/api/paged'
import { useCheck } from './validation'

/** So many of the list are looked through, and in so large pages. */
const PAGES = 10
const PAGE = 100

type State = 'off' | 'looking' | 'valid' | 'unlisted' | 'invalid' | 'unknown'

/**
 * What is wrong with one record, if anything is known: no route says it of a single one, so the list of those of which something is wrong
 * is looked through, as far as that is reasonable.
 */
export function useFlaw({ uri, collection }: Address, known?: { path: string; problem: string }) {
  const { check, error, isSuccess } = useCheck(collection)
  const pages = api.useInfiniteQuery(
    'get',
    '/admin/records/invalid',
    { params: { query: { collection, limit: PAGE } } },
    { ...PAGED, enabled: !!check && check.invalid > 0 && !known },
  )
  const listed = pages.data?.pages.flatMap(({ records }) => records) ?? []
  const flaw = known ?? listed.find((one) => one.uri === uri)
  const ends = !pages.hasNextPage || (pages.data?.pages.length ?? 0) >= PAGES
  const { fetchNextPage, isFetching } = pages
  useEffect(() => {
    if (!flaw && !ends && !isFetching) void fetchNextPage()
  }, [flaw, ends, isFetching, fetchNextPage])
  const state = (): State => {
    if (flaw) return 'invalid'
    if (error || pages.error) return 'unknown'
    if (isSuccess && !check) return 'off'
    if (!check?.done || (check.invalid > 0 && (!pages.data || !ends))) return 'looking'
    return pages.hasNextPage ? 'unlisted' : 'valid'
  }
  return { state: state(), flaw, looked: listed.length }
}
