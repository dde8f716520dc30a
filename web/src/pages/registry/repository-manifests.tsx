import { Link } from '@tanstack/react-router'
import { api, client, type Schemas } from '@/api/client'
import { PAGED } from '@/api/paged'
import { confirm, done, useAct } from '@/components/act'
import { Id, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { bytes } from '@/components/format'
import { More } from '@/components/more'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const r = t.registry

/** All that a repository has, also what no tag names. */
export function Manifests({ of: { name: repository, mine } }: { of: Schemas['RegistryRepository'] }) {
  const pages = api.useInfiniteQuery(
    'get',
    '/api/registry/repos/manifests',
    { params: { query: { repository } } },
    PAGED,
  )
  const [act] = useAct()
  const remove = (digest: string) =>
    confirm(t.common.confirmDelete(digest), () =>
      act(
        () =>
          done(client.DELETE('/api/registry/repos/manifest', { params: { query: { repository, digest } } })),
        t.common.deleted,
      ),
    )
  return (
    <Card flush>
      <Resource of={pages}>
        {({ pages: all }) => (
          <Table
            label={r.manifests}
            rows={all.flatMap(({ manifests }) => manifests)}
            id={({ digest }) => digest}
            empty={r.noTags}
            columns={[
              {
                title: r.digest,
                cell: ({ digest }) => (
                  <Link to="." search={{ tab: 'image', reference: digest }}>
                    {digest.slice(7, 19)}
                  </Link>
                ),
              },
              { title: r.kind, cell: ({ kind }) => r.kinds[kind] },
              { title: r.platforms, cell: ({ platforms }) => platforms.join(', ') || '–' },
              { title: r.size, numeric: true, cell: ({ size }) => bytes(size) },
              { title: r.hold, cell: ({ hold }) => (hold ? <Id value={hold} /> : '–') },
              { title: r.pushed, cell: ({ created_at }) => <Time at={created_at} /> },
              {
                title: t.common.actions,
                bare: true,
                cell: ({ digest }) =>
                  mine && <Tool icon="trash" label={t.common.delete} onClick={() => remove(digest)} />,
              },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
    </Card>
  )
}
