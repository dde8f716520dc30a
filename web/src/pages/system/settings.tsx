import {
  Badge,
  Button,
  FileButton,
  Group,
  Image,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { at } from '@/app/base'
import { useConfig } from '@/app/session'
import { done, tell, useAct } from '@/components/act'
import { Id, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { bytes } from '@/components/format'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'

const s = t.system.settings

/** Five megabytes, which is what the server takes. */
const LARGEST_LOGO = 5 * 1024 * 1024

export default function Settings() {
  return (
    <Page title={t.nav.settings} intro={s.intro}>
      <div className="columns">
        <Stack>
          <Values />
          <Logo />
        </Stack>
        <Stack>
          <PassingOn />
          <Identity />
          <Storage />
          <About />
        </Stack>
      </div>
    </Page>
  )
}

function Values() {
  const settings = api.useQuery('get', '/admin/settings')
  return (
    <Card title={s.values}>
      <Resource of={settings} lines={8}>
        {(all) => {
          const others = all.filter(({ key }) => !(key in s.keys))
          return (
            <Stack gap="xs">
              {Object.entries(s.keys).map(([key, help]) => (
                <Value key={key} name={key} help={help} setting={all.find((one) => one.key === key)} />
              ))}
              {others.map((one) => (
                <Value key={one.key} name={one.key} help="" setting={one} />
              ))}
            </Stack>
          )
        }}
      </Resource>
    </Card>
  )
}

interface ValueProps {
  name: string
  help: string
  setting: Schemas['Setting'] | undefined
}

function Value({ name, help, setting }: ValueProps) {
  const [value, setValue] = useState<string>()
  const [act, busy] = useAct()
  const path = { params: { path: { key: name } } }
  const save = () => {
    const text = value ?? ''
    return act(async () => {
      if (text) await done(client.PUT('/admin/settings/{key}', { ...path, body: { value: text } }))
      else if (setting) await done(client.DELETE('/admin/settings/{key}', path))
      setValue(undefined)
    }, t.common.saved)
  }
  const changed = value !== undefined && value !== (setting?.value ?? '')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Group align="end" wrap="nowrap">
        <TextInput
          flex={1}
          label={
            <>
              {name} {setting?.source === 'env' && <Badge color="gray">{s.fromEnvironment}</Badge>}
            </>
          }
          description={help}
          value={value ?? setting?.value ?? ''}
          placeholder={s.standard}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          disabled={!changed}
          loading={busy}
          aria-label={s.saveOf(name)}
        >
          {t.common.save}
        </Button>
      </Group>
    </form>
  )
}

function Logo() {
  const config = useConfig()
  const [act, busy] = useAct()
  const upload = (file: File | null) => {
    if (!file) return
    if (file.size > LARGEST_LOGO) return tell(s.logoTooLarge, 'red')
    void act(async () => {
      const body = new FormData()
      body.append('file', file)
      await done(
        client.PUT('/admin/settings/logo', { body: body as never, bodySerializer: (form) => form as never }),
      )
    }, t.common.saved)
  }
  return (
    <Card title={s.logo}>
      <Group>
        {config.data?.logo_url && <Image src={at('/settings/logo')} alt={s.logo} h={48} w="auto" />}
        <FileButton accept="image/*" onChange={upload}>
          {(props) => (
            <Button variant="default" loading={busy} {...props}>
              {s.upload}
            </Button>
          )}
        </FileButton>
        <Button
          variant="subtle"
          color="gray"
          onClick={() => act(() => done(client.DELETE('/admin/settings/logo')), t.common.deleted)}
        >
          {t.common.delete}
        </Button>
      </Group>
    </Card>
  )
}

function PassingOn() {
  const proxy = api.useQuery('get', '/admin/settings/xrpc-proxy')
  return (
    <Card title={s.proxy}>
      <Resource of={proxy}>{(policy) => <ProxyForm key={JSON.stringify(policy)} policy={policy} />}</Resource>
    </Card>
  )
}

function ProxyForm({ policy }: { policy: Schemas['XrpcProxyPolicy'] }) {
  const [mode, setMode] = useState(policy.mode)
  const [nsids, setNsids] = useState(policy.nsids ?? [])
  const [act, busy] = useAct()
  const listed = mode === 'allowlist' || mode === 'blocklist'
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {s.proxyHelp}
      </Text>
      <Select
        label={s.mode}
        data={Object.entries(s.modes).map(([value, label]) => ({ value, label }))}
        value={mode}
        onChange={(value) => value && setMode(value as Schemas['ProxyMode'])}
        allowDeselect={false}
      />
      {listed && <TagsInput label={s.nsids} value={nsids} onChange={setNsids} placeholder="com.example.*" />}
      <Group>
        <Button
          variant="default"
          loading={busy}
          onClick={() =>
            act(
              () => done(client.PUT('/admin/settings/xrpc-proxy', { body: { mode, nsids } })),
              t.common.saved,
            )
          }
        >
          {t.common.save}
        </Button>
      </Group>
    </Stack>
  )
}

function Identity() {
  const identity = api.useQuery('get', '/admin/service-identity')
  const entries = api.useQuery('get', '/admin/service-entries')
  const [act] = useAct()
  const [fragment, setFragment] = useState('')
  const [type, setType] = useState('')
  const found = identity.data as Schemas['ServiceIdentity'] | null | undefined
  return (
    <Card title={s.identity}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {s.identityHelp}
        </Text>
        <Select
          label={s.mode2}
          placeholder={s.noIdentity}
          data={Object.entries(s.identities).map(([value, label]) => ({ value, label }))}
          value={found?.mode ?? null}
          onChange={(mode) =>
            mode && act(() => done(client.PUT('/admin/service-identity', { body: { mode } })), t.common.saved)
          }
          allowDeselect={false}
        />
        {found?.did && <Id value={found.did} />}
        {found?.mode === 'did_plc' && (
          <Group>
            <Button
              variant="default"
              onClick={() => act(() => done(client.POST('/admin/service-entries/sync-plc')), t.common.saved)}
            >
              {s.syncPlc}
            </Button>
          </Group>
        )}
        <Resource of={entries}>
          {(all) => (
            <Stack gap={4}>
              {all.map(({ id, fragment_id, service_type, access_mode }) => (
                <Group key={id} justify="space-between" wrap="nowrap">
                  <Text size="sm" className="break">
                    {fragment_id} · {service_type} · {access_mode}
                  </Text>
                  <Tool
                    icon="trash"
                    label={`${t.common.delete} ${fragment_id}`}
                    onClick={() =>
                      act(
                        () =>
                          done(client.DELETE('/admin/service-entries/{id}', { params: { path: { id } } })),
                        t.common.deleted,
                      )
                    }
                  />
                </Group>
              ))}
            </Stack>
          )}
        </Resource>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            const body = {
              fragment_id: fragment.startsWith('#') ? fragment : `#${fragment}`,
              service_type: type,
            }
            void act(() => done(client.POST('/admin/service-entries', { body })), t.common.saved)
          }}
        >
          <Group align="end">
            <TextInput
              label={s.fragment}
              placeholder="#view"
              value={fragment}
              onChange={({ currentTarget }) => setFragment(currentTarget.value)}
              required
              withAsterisk={false}
            />
            <TextInput
              label={s.serviceType}
              placeholder="ExampleAppView"
              value={type}
              onChange={({ currentTarget }) => setType(currentTarget.value)}
              required
              withAsterisk={false}
            />
            <Button type="submit" variant="default">
              {t.common.add}
            </Button>
          </Group>
        </form>
      </Stack>
    </Card>
  )
}

function Storage() {
  const storage = api.useQuery('get', '/admin/storage')
  const info = api.useQuery('get', '/admin/settings/db-info')
  return (
    <Card title={s.storage}>
      <Resource of={storage}>
        {({ tiers, free_bytes }) => (
          <Stack gap={4}>
            {tiers.map(({ name, bytes: size }) => (
              <Text key={name} size="sm">
                {name}: {bytes(size)}
              </Text>
            ))}
            {free_bytes != null && (
              <Text size="sm">
                {t.system.overview.free}: {bytes(free_bytes)}
              </Text>
            )}
            {info.data && (
              <Text size="sm" c="dimmed">
                {info.data.backend}
              </Text>
            )}
          </Stack>
        )}
      </Resource>
    </Card>
  )
}

function About() {
  const config = useConfig()
  return (
    <Card title={s.about}>
      <Resource of={config}>
        {({ version, public_url, jetstream_url, relay_url, plc_url }) => (
          <Stack gap={4}>
            {[version, public_url, jetstream_url, relay_url, plc_url].map((value) => (
              <Text key={value} size="sm" className="break">
                {value}
              </Text>
            ))}
            <a href={at('/admin/openapi.json')}>{s.openapi}</a>
          </Stack>
        )}
      </Resource>
    </Card>
  )
}
