import { Button, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Schemas } from '@/api/client'
import { Card } from '@/components/card'
import { More } from '@/components/more'
import { Empty, Resource } from '@/components/resource'
import { t } from '@/i18n'
import { social, socialApi } from './session'
import { Thought } from './thought'

/** Feeds that answer alike. */
type FeedPath = '/social/feed' | '/social/feed/public'

const NEXT = {
  pageParamName: 'cursor',
  initialPageParam: null,
  getNextPageParam: (page: Schemas['ThoughtsPage']) => page.nextCursor ?? undefined,
}

/** How often is looked whether there is more, in milliseconds. */
const LOOK = 4_000

/** What was written, newest first. What comes in is announced; it moves nothing until somebody asks for it. */
export function Feed({ path, empty }: { path: FeedPath; empty: string }) {
  const pages = socialApi.useInfiniteQuery(
    'get',
    path,
    { params: { query: {} } },
    { ...NEXT, refetchOnWindowFocus: false },
  )
  const shown = pages.data?.pages[0]?.items[0]?.id
  const fresh = useFresh(path, pages.data ? (shown ?? '') : undefined)
  const queries = useQueryClient()
  return (
    <Stack gap="sm">
      {fresh > 0 && (
        <Button variant="light" onClick={() => void queries.invalidateQueries()} aria-live="polite">
          {t.common.newOnes(fresh)}
        </Button>
      )}
      <Resource of={pages} lines={8}>
        {({ pages: all }) => <Thoughts of={all.flatMap(({ items }) => items)} empty={empty} />}
      </Resource>
      <More of={pages} />
    </Stack>
  )
}

export function Thoughts({ of, empty }: { of: Schemas['Thought'][]; empty: string }) {
  if (of.length === 0)
    return (
      <Card>
        <Empty>{empty}</Empty>
      </Card>
    )
  return of.map((thought, index) => (
    <Thought key={`${thought.id} ${thought.boostedBy?.id ?? ''} ${index}`} of={thought} />
  ))
}

/** How many there are that are newer than what is shown. */
function useFresh(path: FeedPath, shown: string | undefined): number {
  const [fresh, setFresh] = useState(0)
  const latest = useRef(shown)
  latest.current = shown
  useEffect(() => {
    if (shown === undefined) return
    setFresh(0)
    const look = async () => {
      if (document.hidden) return
      const { data } = await social
        .GET(path, { params: { query: { per_page: 20 } } })
        .catch(() => ({ data: undefined }))
      if (!data || latest.current !== shown) return
      const at = data.items.findIndex(({ id }) => id === shown)
      setFresh(at < 0 ? data.items.length : at)
    }
    const timer = setInterval(look, LOOK)
    return () => clearInterval(timer)
  }, [path, shown])
  return fresh
}
