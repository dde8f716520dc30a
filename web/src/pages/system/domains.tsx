import { Button, Group, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api, client } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { Tag, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const d = t.system.domains

export default function Domains() {
  const domains = api.useQuery('get', '/admin/domains')
  const [url, setUrl] = useState('')
  const [act, busy] = useAct()
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (await act(() => done(client.POST('/admin/domains', { body: { url } })), t.common.saved)) setUrl('')
  }
  const path = (id: string) => ({ params: { path: { id } } })
  return (
    <Page title={t.nav.domains} intro={d.intro}>
      <Card>
        <form onSubmit={add}>
          <Group align="end">
            <TextInput
              label={d.url}
              placeholder="https://view.example.com"
              type="url"
              value={url}
              onChange={(event) => setUrl(event.currentTarget.value)}
              required
              withAsterisk={false}
              w={{ base: '100%', xs: 360 }}
            />
            <Button type="submit" loading={busy}>
              {t.common.add}
            </Button>
          </Group>
        </form>
      </Card>
      <Card flush>
        <Resource of={domains}>
          {(all) => (
            <Table
              label={t.nav.domains}
              rows={all}
              id={({ id }) => id}
              empty={d.none}
              columns={[
                { title: d.url, cell: ({ url }) => <span className="break">{url}</span> },
                {
                  title: d.role,
                  cell: ({ is_primary }) => (is_primary ? <Tag color="teal">{d.primary}</Tag> : '–'),
                },
                { title: d.since, cell: ({ created_at }) => <Time at={created_at} /> },
                {
                  title: t.common.actions,
                  bare: true,
                  cell: ({ id, url, is_primary }) =>
                    !is_primary && (
                      <>
                        <Tool
                          icon="star"
                          label={d.makePrimary}
                          onClick={() =>
                            act(
                              () => done(client.POST('/admin/domains/{id}/primary', path(id))),
                              t.common.saved,
                            )
                          }
                        />
                        <Tool
                          icon="trash"
                          label={t.common.delete}
                          onClick={() =>
                            confirm(t.common.confirmDelete(url), () =>
                              act(
                                () => done(client.DELETE('/admin/domains/{id}', path(id))),
                                t.common.deleted,
                              ),
                            )
                          }
                        />
                      </>
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
