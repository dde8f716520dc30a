import { useParams } from '@tanstack/react-router'
import { api } from '@/api/client'
import { PAGED } from '@/api/paged'
import { Id } from '@/components/bits'
import { Card } from '@/components/card'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { t } from '@/i18n'
import { Images } from './image'

const r = t.registry

export default function Owner() {
  const { owner } = useParams({ strict: false }) as { owner: string }
  const pages = api.useInfiniteQuery(
    'get',
    '/api/registry/users/{owner}',
    { params: { path: { owner } } },
    PAGED,
  )
  const first = pages.data?.pages[0]
  return (
    <Page
      title={first?.handle ?? owner}
      intro={first && <Id value={first.did} />}
      back={{ to: '/registry', label: t.nav.images }}
    >
      <Resource of={pages}>
        {({ pages: all }) => {
          const found = all.flatMap(({ repositories }) => repositories)
          return found.length ? (
            <>
              <Images of={found} label={t.nav.images} />
              <More of={pages} />
            </>
          ) : (
            <Card>
              <Empty>{r.nothingPushed}</Empty>
            </Card>
          )
        }}
      </Resource>
    </Page>
  )
}
