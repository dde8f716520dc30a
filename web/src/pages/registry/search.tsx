import { Group, SegmentedControl, TextInput } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '@/api/client'
import { PAGED } from '@/api/paged'
import { Card } from '@/components/card'
import { Icon } from '@/components/icon'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { t } from '@/i18n'
import { Images, nameOf } from './image'

const r = t.registry

type Sort = 'relevance' | 'stars' | 'recent'

export default function Search() {
  const { q = '', sort = 'relevance' } = useSearch({ strict: false }) as { q?: string; sort?: Sort }
  const [text, setText] = useState(q)
  const navigate = useNavigate()
  const go = (search: { q: string; sort: string }) =>
    void navigate({ to: '/registry/search', search, replace: true })
  return (
    <Page title={t.nav.findImages}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          go({ q: text, sort })
        }}
      >
        <Group align="end">
          <TextInput
            aria-label={t.nav.findImages}
            placeholder={r.searchPlaceholder}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            leftSection={<Icon name="search" size={16} />}
            flex={1}
            miw={220}
          />
          <SegmentedControl
            aria-label={r.sort}
            value={sort}
            onChange={(sort) => go({ q: text, sort })}
            data={Object.entries(r.sorts).map(([value, label]) => ({ value, label }))}
          />
        </Group>
      </form>
      {q ? <Found key={`${q} ${sort}`} q={q} sort={sort} /> : <Empty>{r.searchHelp}</Empty>}
    </Page>
  )
}

function Found({ q, sort }: { q: string; sort: Sort }) {
  const pages = api.useInfiniteQuery('get', '/api/registry/search', { params: { query: { q, sort } } }, PAGED)
  return (
    <Resource of={pages}>
      {({ pages: all }) => {
        const found = all.flatMap(({ repositories }) => repositories)
        const users = all[0]?.users ?? []
        if (found.length + users.length === 0)
          return (
            <Card>
              <Empty>{r.nothingFound(q)}</Empty>
            </Card>
          )
        return (
          <>
            {users.length > 0 && (
              <Group gap="xs">
                {users.map((user) => (
                  <Link key={user.did} to="/registry/u/$owner" params={{ owner: nameOf(user) }}>
                    {nameOf(user)}
                  </Link>
                ))}
              </Group>
            )}
            <Images of={found} label={t.nav.findImages} />
            <More of={pages} />
          </>
        )
      }}
    </Resource>
  )
}
