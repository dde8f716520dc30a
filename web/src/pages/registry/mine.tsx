import { Button, Checkbox, Group, PasswordInput, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { PAGED } from '@/api/paged'
import { at, home } from '@/app/base'
import { useMe } from '@/app/session'
import { confirm, done, useAct } from '@/components/act'
import { Id, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { bytes, number } from '@/components/format'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const r = t.registry.mine

/** What the registry has of whoever is signed in. */
export default function Mine() {
  const me = useMe()
  return (
    <Page title={t.nav.myRegistry} intro={r.intro} back={{ to: '/registry', label: t.nav.images }}>
      {me.data && (
        <Stack>
          <Holds />
          <div className="columns">
            <Devices />
            <Stars />
          </div>
          <Data />
        </Stack>
      )}
      {me.data === null && <SignIn />}
    </Page>
  )
}

function SignIn() {
  const [handle, setHandle] = useState('')
  const [password, setPassword] = useState('')
  const [act, busy] = useAct()
  const here = (event: FormEvent) => {
    event.preventDefault()
    void act(() => done(client.POST('/api/registry/session', { body: { handle, password } })))
  }
  return (
    <Card>
      <Tabs defaultValue="pds" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="pds">{r.withPds}</Tabs.Tab>
          <Tabs.Tab value="here">{r.here}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="pds">
          <form method="get" action={at('/api/registry/sign-in')}>
            <input type="hidden" name="to" value={`${home}/registry/mine`} />
            <Group align="end">
              <TextInput
                name="handle"
                label={t.signIn.handle}
                placeholder={t.signIn.placeholder}
                required
                withAsterisk={false}
              />
              <Button type="submit">{t.signIn.go}</Button>
            </Group>
          </form>
        </Tabs.Panel>
        <Tabs.Panel value="here">
          <form onSubmit={here}>
            <Group align="end">
              <TextInput
                label={t.signIn.handle}
                value={handle}
                onChange={(event) => setHandle(event.currentTarget.value)}
                autoComplete="username"
                required
                withAsterisk={false}
              />
              <PasswordInput
                label={r.password}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
                autoComplete="current-password"
                required
                withAsterisk={false}
                miw={220}
              />
              <Button type="submit" loading={busy}>
                {t.signIn.go}
              </Button>
            </Group>
          </form>
        </Tabs.Panel>
      </Tabs>
    </Card>
  )
}

function Holds() {
  const settings = api.useQuery('get', '/api/registry/settings')
  return (
    <Card title={r.holds}>
      <Resource of={settings}>
        {(found) => (
          <Stack>
            {found.holds.map(({ did, here, blobs, bytes: used, limit }) => (
              <div key={did}>
                <Group justify="space-between">
                  <Group gap="xs">
                    <Id value={did} />
                    {here && <Text size="sm">{r.thisServer}</Text>}
                  </Group>
                  <Text size="sm">
                    {r.used(number(blobs), bytes(used), limit == null ? r.noLimit : bytes(limit))}
                  </Text>
                </Group>
                {limit != null && (
                  <svg className="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={Math.min((used / Math.max(limit, 1)) * 100, 100)} height="4" />
                  </svg>
                )}
              </div>
            ))}
            <Preferences of={found} />
          </Stack>
        )}
      </Resource>
    </Card>
  )
}

function Preferences({ of }: { of: Schemas['RegistrySettings'] }) {
  const [hold, setHold] = useState(of.default_hold ?? '')
  const [tidy, setTidy] = useState(of.auto_remove_untagged)
  const [act, busy] = useAct()
  const save = (event: FormEvent) => {
    event.preventDefault()
    const body = { default_hold: hold || null, auto_remove_untagged: tidy }
    void act(() => done(client.PUT('/api/registry/settings', { body })), t.common.saved)
  }
  return (
    <form onSubmit={save}>
      <Stack>
        <TextInput
          label={r.defaultHold}
          description={r.defaultHoldHelp}
          placeholder="did:web:hold.example.com"
          value={hold}
          onChange={(event) => setHold(event.currentTarget.value)}
          maw={420}
        />
        <Checkbox label={r.tidy} checked={tidy} onChange={(event) => setTidy(event.currentTarget.checked)} />
        <Group>
          <Button type="submit" variant="default" loading={busy}>
            {t.common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface Device {
  id: string
  name: string
  created_at: string
  last_used_at: string | null
}

function Devices() {
  const devices = useQuery({
    queryKey: ['registry', 'devices'],
    queryFn: async (): Promise<Device[]> => {
      const response = await fetch(at('/api/registry/devices'))
      if (!response.ok) throw { status: response.status, error: response.statusText }
      return response.json()
    },
  })
  const [act] = useAct()
  const revoke = (id: string, name: string) =>
    confirm(
      t.common.confirmDelete(name),
      () =>
        act(async () => {
          const response = await fetch(at(`/api/registry/devices/${encodeURIComponent(id)}`), {
            method: 'DELETE',
          })
          if (!response.ok) throw { status: response.status, error: response.statusText }
        }, t.common.deleted),
      r.revokeHelp,
    )
  return (
    <Card title={r.devices} flush>
      <Approve />
      <Resource of={devices}>
        {(all) => (
          <Table
            label={r.devices}
            rows={all}
            id={({ id }) => id}
            empty={r.noDevices}
            columns={[
              { title: r.device, cell: ({ name, id }) => <span className="break">{name ?? id}</span> },
              { title: r.since, cell: ({ created_at }) => <Time at={created_at} /> },
              {
                title: t.common.actions,
                bare: true,
                cell: ({ id, name }) => (
                  <Tool icon="trash" label={t.common.delete} onClick={() => revoke(id, name)} />
                ),
              },
            ]}
          />
        )}
      </Resource>
    </Card>
  )
}

/** To the server's own page, which says what asks and works without a script. */
function Approve() {
  return (
    <form method="get" action={at('/device')} aria-label={r.approve}>
      <Group align="end" px="md" pb="md">
        <TextInput
          name="user_code"
          label={r.code}
          description={r.codeHelp}
          placeholder="WDJB-MJHT"
          maxLength={64}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          required
          withAsterisk={false}
          flex={1}
          miw={180}
        />
        <Button type="submit" variant="default">
          {r.approve}
        </Button>
      </Group>
    </form>
  )
}

function Stars() {
  const pages = api.useInfiniteQuery('get', '/api/registry/stars', {}, PAGED)
  return (
    <Card title={r.stars} flush>
      <Resource of={pages}>
        {({ pages: all }) => (
          <Table
            label={r.stars}
            rows={all.flatMap(({ repositories }) => repositories)}
            id={(name) => name}
            empty={r.noStars}
            columns={[
              {
                title: t.nav.images,
                cell: (name) => (
                  <Link to="/registry/r/$" params={{ _splat: name }} className="break">
                    {name}
                  </Link>
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

function Data() {
  const me = useMe()
  const [act] = useAct()
  const query = { params: { query: { confirm: me.data?.did ?? '' } } }
  const forget = () =>
    confirm(
      r.forget,
      () => act(() => done(client.DELETE('/api/registry/data', query)), t.common.deleted),
      r.forgetHelp,
      r.forget,
    )
  return (
    <Card title={r.data}>
      <Group>
        <Button component="a" variant="default" href={at('/api/registry/data')} download="registry.json">
          {r.takeAlong}
        </Button>
        <Button variant="default" onClick={forget}>
          {r.forget}
        </Button>
      </Group>
    </Card>
  )
}
