import { Badge, Button, FileButton, Group, Image, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { at } from '@/app/base'
import { useConfig } from '@/app/session'
import { done, tell, useAct } from '@/components/act'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'
import { About, Storage } from './facts'
import { Identity } from './identity'
import { PassingOn } from './passing-on'

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
