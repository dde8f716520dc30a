import { Alert, Button, Modal, MultiSelect, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { api, client } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { Snippet, Status, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const k = t.system.keys

export default function Keys() {
  const keys = api.useQuery('get', '/admin/api-keys')
  const [adding, { open, close }] = useDisclosure(false)
  const [made, setMade] = useState('')
  const [act] = useAct()
  const revoke = (id: string, name: string) =>
    confirm(
      k.revokeOne(name),
      () => act(() => done(client.DELETE('/admin/api-keys/{id}', { params: { path: { id } } })), k.revoked),
      k.revokeHelp,
      k.revoke,
    )
  return (
    <Page title={t.nav.keys} intro={k.intro} actions={<Button onClick={open}>{k.add}</Button>}>
      {made && (
        <Alert
          color="teal"
          title={k.made}
          withCloseButton
          closeButtonLabel={t.common.close}
          onClose={() => setMade('')}
        >
          <Snippet what={k.key}>{made}</Snippet>
        </Alert>
      )}
      <Card flush>
        <Resource of={keys}>
          {(all) => (
            <Table
              label={t.nav.keys}
              rows={all}
              id={({ id }) => id}
              empty={k.none}
              columns={[
                { title: k.name, cell: ({ name }) => name },
                { title: k.prefix, cell: ({ key_prefix }) => <code>{key_prefix}…</code> },
                {
                  title: k.permissions,
                  cell: ({ permissions }) => (
                    <span className="nowrap">{t.system.users.some(permissions.length)}</span>
                  ),
                },
                { title: k.used, cell: ({ last_used_at }) => <Time at={last_used_at} /> },
                {
                  title: k.state,
                  cell: ({ revoked_at }) => <Status value={revoked_at ? k.revokedState : k.activeState} />,
                },
                {
                  title: t.common.actions,
                  bare: true,
                  cell: ({ id, name, revoked_at }) =>
                    !revoked_at && <Tool icon="trash" label={k.revoke} onClick={() => revoke(id, name)} />,
                },
              ]}
            />
          )}
        </Resource>
      </Card>
      <Modal opened={adding} onClose={close} title={k.add}>
        <Add
          made={(key) => {
            setMade(key)
            close()
          }}
        />
      </Modal>
    </Page>
  )
}

function Add({ made }: { made: (key: string) => void }) {
  const catalogue = api.useQuery('get', '/admin/permissions')
  const [name, setName] = useState('')
  const [permissions, setPermissions] = useState<string[]>([])
  const [act, busy] = useAct()
  const add = (event: FormEvent) => {
    event.preventDefault()
    return act(async () =>
      made((await done(client.POST('/admin/api-keys', { body: { name, permissions } }))).key),
    )
  }
  return (
    <form onSubmit={add}>
      <Stack>
        <TextInput
          label={k.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          withAsterisk={false}
        />
        <MultiSelect
          label={k.permissions}
          data={(catalogue.data?.permissions ?? []).map(({ key }) => key)}
          value={permissions}
          onChange={setPermissions}
          searchable
          clearable
        />
        <Button type="submit" loading={busy}>
          {k.add}
        </Button>
      </Stack>
    </form>
  )
}
