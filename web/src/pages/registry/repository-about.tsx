import { Button, Group, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { done, useAct } from '@/components/act'
import { Card } from '@/components/card'
import { Empty, Resource } from '@/components/resource'
import { Rich } from '@/components/rich'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const r = t.registry

/** What its author says about a repository, and what its image says of itself. */
export function About({
  of: { name: repository, mine, annotations },
}: {
  of: Schemas['RegistryRepository']
}) {
  const readme = api.useQuery('get', '/api/registry/repos/readme', { params: { query: { repository } } })
  const [editing, setEditing] = useState<string>()
  const [act, busy] = useAct()
  const save = async () => {
    const request = { params: { query: { repository } }, body: { description: editing ?? '' } }
    if (await act(() => done(client.PUT('/api/registry/repos/page', request)), t.common.saved))
      setEditing(undefined)
  }
  const entries = Object.entries(annotations)
  return (
    <div className="columns">
      <Card
        title={r.readme}
        actions={
          mine && (
            <Button variant="default" size="xs" onClick={() => setEditing(readme.data?.markdown ?? '')}>
              {t.common.edit}
            </Button>
          )
        }
      >
        {editing === undefined ? (
          <Resource of={readme}>
            {({ html }) => (html ? <Rich html={html} /> : <Empty>{r.noReadme}</Empty>)}
          </Resource>
        ) : (
          <Stack>
            <Textarea
              label={r.markdown}
              value={editing}
              onChange={(event) => setEditing(event.currentTarget.value)}
              autosize
              minRows={10}
              maxRows={30}
            />
            <Group>
              <Button onClick={save} loading={busy}>
                {t.common.save}
              </Button>
              <Button variant="default" onClick={() => setEditing(undefined)}>
                {t.common.cancel}
              </Button>
            </Group>
          </Stack>
        )}
      </Card>
      {entries.length > 0 && (
        <Card title={r.annotations} flush>
          <Table
            label={r.annotations}
            rows={entries}
            id={([key]) => key}
            empty=""
            columns={[
              { title: r.key, cell: ([key]) => <span className="break">{key}</span> },
              { title: r.value, cell: ([, value]) => <span className="break">{value}</span> },
            ]}
          />
        </Card>
      )}
    </div>
  )
}
