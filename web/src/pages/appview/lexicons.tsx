import { Button, Group, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '@/api/client'
import { matches } from '@/app/match'
import { Tag, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { Icon } from '@/components/icon'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const l = t.appview.lexicons

/** All lexicons. */
export default function Lexicons() {
  const lexicons = api.useQuery('get', '/admin/lexicons')
  const scripts = api.useQuery('get', '/admin/scripts')
  const [text, setText] = useState('')
  const scripted = (id: string) => scripts.data?.some((script) => script.id.endsWith(`:${id}`))
  const add = (
    <Button component={Link} to="/lexicons/new" leftSection={<Icon name="plus" size={16} />}>
      {l.add}
    </Button>
  )
  return (
    <Page title={t.nav.lexicons} intro={l.intro} actions={add}>
      <Card flush>
        <Group p="md" pb="xs">
          <TextInput
            aria-label={t.common.filter}
            placeholder={t.common.filter}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            w="100%"
            maw={320}
          />
        </Group>
        <Resource of={lexicons}>
          {(all) => (
            <Table
              label={t.nav.lexicons}
              rows={all.filter(({ id }) => matches(id, text))}
              id={({ id }) => id}
              empty={<Empty action={all.length === 0 && add}>{all.length ? l.noneMatch : l.none}</Empty>}
              columns={[
                {
                  title: l.id,
                  cell: ({ id }) => (
                    <Link to="/lexicons/$id" params={{ id }} className="break">
                      {id}
                    </Link>
                  ),
                },
                { title: l.type, cell: ({ lexicon_type }) => <Tag>{lexicon_type}</Tag> },
                {
                  title: l.source,
                  cell: ({ source }) => (source === 'network' ? l.fromNetwork : l.fromHere),
                },
                { title: l.target, cell: ({ target_collection }) => target_collection ?? '–' },
                { title: l.script, cell: ({ id }) => (scripted(id) ? t.common.yes : '–') },
                { title: l.changed, cell: ({ updated_at }) => <Time at={updated_at} /> },
              ]}
            />
          )}
        </Resource>
      </Card>
    </Page>
  )
}
