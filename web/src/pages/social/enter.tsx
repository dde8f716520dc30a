import { Button, Group, PasswordInput, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useMe } from '@/app/session'
import { useAct } from '@/components/act'
import { Card } from '@/components/card'
import { t } from '@/i18n'
import { useEnter } from './session'

const s = t.social.enter

/** Asks strangers who they are, or want to be. */
export function Enter() {
  const me = useMe()
  const enter = useEnter()
  const [act, busy] = useAct()
  return (
    <Card>
      <Stack>
        <Text size="sm">{s.intro}</Text>
        {me.data && (
          <Group>
            <Button loading={busy} onClick={() => act(() => enter.asSignedIn())}>
              {s.asSignedIn}
            </Button>
          </Group>
        )}
        <Tabs defaultValue="in" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="in">{s.signIn}</Tabs.Tab>
            <Tabs.Tab value="new">{s.register}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="in">
            <Password />
          </Tabs.Panel>
          <Tabs.Panel value="new">
            <Register />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Card>
  )
}

function Password() {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const [act, busy] = useAct()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void act(() => enter.withPassword(name, password))
  }
  return (
    <form onSubmit={submit}>
      <Group align="end">
        <TextInput
          label={s.nameOrMail}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username"
          required
          withAsterisk={false}
        />
        <PasswordInput
          label={s.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          miw={200}
        />
        <Button type="submit" loading={busy}>
          {s.signIn}
        </Button>
      </Group>
    </form>
  )
}

function Register() {
  const [body, setBody] = useState({ username: '', email: '', password: '' })
  const enter = useEnter()
  const [act, busy] = useAct()
  const set = (name: keyof typeof body) => (event: { currentTarget: HTMLInputElement }) => {
    const { value } = event.currentTarget
    setBody((before) => ({ ...before, [name]: value }))
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void act(() => enter.register(body))
      }}
    >
      <Group align="end">
        <TextInput
          label={s.name}
          value={body.username}
          onChange={set('username')}
          required
          withAsterisk={false}
        />
        <TextInput
          label={s.mail}
          type="email"
          value={body.email}
          onChange={set('email')}
          autoComplete="email"
          required
          withAsterisk={false}
        />
        <PasswordInput
          label={s.password}
          value={body.password}
          onChange={set('password')}
          autoComplete="new-password"
          required
          withAsterisk={false}
          miw={200}
        />
        <Button type="submit" loading={busy}>
          {s.register}
        </Button>
      </Group>
    </form>
  )
}
