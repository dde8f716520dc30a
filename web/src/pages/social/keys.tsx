import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { done, useAct } from '@/components/act'
import { Snippet, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { social, socialApi } from './session'

/** Keys for programs that write in one’s name. */
export function Keys() {
  const keys = socialApi.useQuery('get', '/social/api-keys')
  const [name, setName] = useState('')
  const [made, setMade] = useState('')
  const [act, busy] = useAct()
  return (
    <Card title={t.nav.keys}>
      <Stack>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void act(async () =>
              setMade((await done(social.POST('/social/api-keys', { body: { name } }))).key),
            )
          }}
        >
          <Group align="end">
            <TextInput
              label={t.system.keys.name}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              required
              withAsterisk={false}
            />
            <Button type="submit" variant="default" loading={busy}>
              {t.system.keys.add}
            </Button>
          </Group>
        </form>
        {made && <Snippet what={t.system.keys.key}>{made}</Snippet>}
        <Resource of={keys} lines={1}>
          {({ keys: all }) => (
            <Table
              label={t.nav.keys}
              rows={all}
              id={({ id }) => id}
              empty={t.system.keys.none}
              columns={[
                { title: t.system.keys.name, cell: ({ name }) => name },
                { title: t.system.users.since, cell: ({ createdAt }) => <Time at={createdAt} /> },
                {
                  title: t.common.actions,
                  bare: true,
                  cell: ({ id, name }) => (
                    <Tool
                      icon="trash"
                      label={`${t.common.delete} ${name}`}
                      onClick={() =>
                        act(() => done(social.DELETE('/social/api-keys/{id}', { params: { path: { id } } })))
                      }
                    />
                  ),
                },
              ]}
            />
          )}
        </Resource>
      </Stack>
    </Card>
  )
}
