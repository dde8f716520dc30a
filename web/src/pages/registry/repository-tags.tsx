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

/** The names of a repository’s images. */
export function Tags({ of: { name: repository, mine } }: { of: Schemas['RegistryRepository'] }) {
  const pages = api.useInfiniteQuery(
    'get',
    '/api/registry/repos/tags',
    { params: { query: { repository } } },
    PAGED,
  )
  const [act] = useAct()
  const remove = (tag: string) =>
    confirm(t.common.confirmDelete(tag), () =>
      act(
        () => done(client.DELETE('/api/registry/repos/tags', { params: { query: { repository, tag } } })),
        t.common.deleted,
      ),
    )
  return (
    <Card flush>
      <Resource of={pages}>
        {({ pages: all }) => (
          <Table
            label={r.tags}
            rows={all.flatMap(({ tags }) => tags)}
            id={({ name }) => name}
            empty={r.noTags}
            columns={[
              {
                title: r.tag,
                cell: ({ name }) => (
                  <Link to="." search={{ tab: 'image', reference: name }}>
                    {name}
                  </Link>
                ),
              },
              { title: r.digest, cell: ({ digest }) => <Id value={digest} /> },
              { title: r.platforms, cell: ({ platforms }) => platforms.join(', ') || '–' },
              { title: r.size, numeric: true, cell: ({ size }) => bytes(size) },
              { title: r.pushed, cell: ({ created_at }) => <Time at={created_at} /> },
              {
                title: t.common.actions,
                bare: true,
                cell: ({ name }) =>
                  mine && (
                    <Tool icon="trash" label={t.common.confirmDelete(name)} onClick={() => remove(name)} />
                  ),
              },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
    </Card>
  )
}
