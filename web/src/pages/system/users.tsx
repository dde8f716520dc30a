import {
  Button,
  Checkbox,
  Drawer,
  Group,
  Modal,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { useMe } from '@/app/session'
import { confirm, done, useAct } from '@/components/act'
import { Id, Tag, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const u = t.system.users

type User = Schemas['User']

export default function Users() {
  const users = api.useQuery('get', '/admin/users')
  const me = useMe()
  const [adding, { open: openAdd, close: closeAdd }] = useDisclosure(false)
  const [editing, setEditing] = useState<User>()
  const [act] = useAct()
  const iAmSuper = users.data?.some(({ did, is_super }) => is_super && did === me.data?.did)
  const remove = ({ id, did, name }: User) =>
    confirm(t.common.confirmDelete(did ?? name ?? id), () =>
      act(() => done(client.DELETE('/admin/users/{id}', { params: { path: { id } } })), t.common.deleted),
    )
  const transfer = ({ id, did }: User) =>
    confirm(
      u.transferTo(did ?? id),
      () =>
        act(
          () => done(client.POST('/admin/users/transfer-super', { body: { target_user_id: id } })),
          t.common.saved,
        ),
      u.transferHelp,
      u.transfer,
    )
  return (
    <Page title={t.nav.users} intro={u.intro} actions={<Button onClick={openAdd}>{u.add}</Button>}>
      <Card flush>
        <Resource of={users}>
          {(all) => (
            <Table
              label={t.nav.users}
              rows={all}
              id={({ id }) => id}
              empty={u.none}
              columns={[
                { title: u.who, cell: ({ did, name, id }) => (did ? <Id value={did} /> : (name ?? id)) },
                {
                  title: u.permissions,
                  cell: ({ is_super, permissions }) =>
                    is_super ? <Tag color="teal">{u.super}</Tag> : u.some(permissions.length),
                },
                { title: u.since, cell: ({ created_at }) => <Time at={created_at} /> },
                { title: u.used, cell: ({ last_used_at }) => <Time at={last_used_at} /> },
                {
                  title: t.common.actions,
                  bare: true,
                  cell: (user) =>
                    !user.is_super && (
                      <>
                        {iAmSuper && <Tool icon="star" label={u.transfer} onClick={() => transfer(user)} />}
                        <Tool icon="settings" label={u.change} onClick={() => setEditing(user)} />
                        <Tool icon="trash" label={t.common.delete} onClick={() => remove(user)} />
                      </>
                    ),
                },
              ]}
            />
          )}
        </Resource>
      </Card>
      <Modal opened={adding} onClose={closeAdd} title={u.add}>
        <Add close={closeAdd} />
      </Modal>
      <Drawer
        opened={!!editing}
        onClose={() => setEditing(undefined)}
        title={u.change}
        position="right"
        size="lg"
      >
        {editing && <Change user={editing} close={() => setEditing(undefined)} />}
      </Drawer>
    </Page>
  )
}

function Add({ close }: { close: () => void }) {
  const catalogue = api.useQuery('get', '/admin/permissions')
  const [who, setWho] = useState('')
  const [template, setTemplate] = useState<string | null>('viewer')
  const [act, busy] = useAct()
  const add = async (event: FormEvent) => {
    event.preventDefault()
    const worked = await act(async () => {
      const did = who.startsWith('did:') ? who.trim() : await resolve(who)
      await done(client.POST('/admin/users', { body: { did, template: template as Schemas['TemplateKey'] } }))
    }, t.common.saved)
    if (worked) close()
  }
  return (
    <form onSubmit={add}>
      <Stack>
        <TextInput
          label={u.handleOrDid}
          placeholder="alice.example.com"
          value={who}
          onChange={(event) => setWho(event.currentTarget.value)}
          required
          withAsterisk={false}
        />
        <Select
          label={u.template}
          data={(catalogue.data?.templates ?? []).map(({ key, label }) => ({ value: key, label }))}
          value={template}
          onChange={setTemplate}
          allowDeselect={false}
        />
        <Button type="submit" loading={busy}>
          {u.add}
        </Button>
      </Stack>
    </form>
  )
}

/** The DID behind a handle. */
async function resolve(handle: string): Promise<string> {
  const q = handle.trim().replace(/^@/, '')
  const [found] = await done(client.GET('/api/setup/resolve', { params: { query: { q } } }))
  if (!found) throw new Error(u.nobody(q))
  return found.did
}

function Change({ user, close }: { user: User; close: () => void }) {
  const catalogue = api.useQuery('get', '/admin/permissions')
  const [chosen, setChosen] = useState(() => new Set(user.permissions))
  const [act, busy] = useAct()
  const save = async () => {
    const had = new Set(user.permissions)
    const body = {
      grant: [...chosen].filter((key) => !had.has(key)),
      revoke: [...had].filter((key) => !chosen.has(key)),
    }
    const path = { params: { path: { id: user.id } }, body }
    if (await act(() => done(client.PATCH('/admin/users/{id}/permissions', path)), t.common.saved)) close()
  }
  const toggle = (key: string) =>
    setChosen((before) => {
      const after = new Set(before)
      if (!after.delete(key)) after.add(key)
      return after
    })
  return (
    <Stack>
      <Id value={user.did ?? user.id} />
      <Resource of={catalogue}>
        {({ permissions, templates }) => (
          <Stack>
            <Group gap="xs">
              {templates.map(({ key, label, permissions }) => (
                <Button key={key} size="xs" variant="default" onClick={() => setChosen(new Set(permissions))}>
                  {label}
                </Button>
              ))}
            </Group>
            {[...new Set(permissions.map(({ category }) => category))].map((category) => (
              <div key={category}>
                <Text size="sm" fw={600} mb={4}>
                  {category}
                </Text>
                <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
                  {permissions
                    .filter((one) => one.category === category)
                    .map(({ key, name, description }) => (
                      <Checkbox
                        key={key}
                        label={name}
                        description={description}
                        checked={chosen.has(key)}
                        onChange={() => toggle(key)}
                      />
                    ))}
                </SimpleGrid>
              </div>
            ))}
          </Stack>
        )}
      </Resource>
      <Button onClick={save} loading={busy}>
        {t.common.save}
      </Button>
    </Stack>
  )
}
