import { Button, Group, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api, client } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const v = t.system.variables

export default function Variables() {
  const variables = api.useQuery('get', '/admin/script-variables')
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const [act, busy] = useAct()
  const set = async (event: FormEvent) => {
    event.preventDefault()
    if (
      !(await act(
        () => done(client.POST('/admin/script-variables', { body: { key, value } })),
        t.common.saved,
      ))
    )
      return
    setKey('')
    setValue('')
  }
  const remove = (key: string) =>
    confirm(t.common.confirmDelete(key), () =>
      act(
        () => done(client.DELETE('/admin/script-variables/{key}', { params: { path: { key } } })),
        t.common.deleted,
      ),
    )
  return (
    <Page title={t.nav.variables} intro={v.intro}>
      <Card>
        <form onSubmit={set}>
          <Group align="end">
            <TextInput
              label={v.key}
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
              pattern="[A-Za-z0-9_]+"
              required
              withAsterisk={false}
              w={{ base: '100%', xs: 240 }}
            />
            <PasswordInput
              label={v.value}
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
              autoComplete="off"
              required
              withAsterisk={false}
              w={{ base: '100%', xs: 320 }}
            />
            <Button type="submit" loading={busy}>
              {v.set}
            </Button>
          </Group>
        </form>
      </Card>
      <Card flush>
        <Resource of={variables}>
          {(all) => (
            <Table
              label={t.nav.variables}
              rows={all}
              id={({ key }) => key}
              empty={v.none}
              columns={[
                { title: v.key, cell: ({ key }) => <code className="break">{key}</code> },
                { title: v.value, cell: ({ preview }) => <code>{preview}</code> },
                { title: v.changed, cell: ({ updated_at }) => <Time at={updated_at} /> },
                {
                  title: t.common.actions,
                  bare: true,
                  cell: ({ key }) => (
                    <Tool icon="trash" label={t.common.delete} onClick={() => remove(key)} />
                  ),
                },
              ]}
            />
          )}
        </Resource>
      </Card>
    </Page>
  )
}
