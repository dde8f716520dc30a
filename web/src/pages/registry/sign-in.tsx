import { Button, Group, PasswordInput, Tabs, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { client } from '@/api/client'
import { at, home } from '@/app/base'
import { done, useAct } from '@/components/act'
import { Card } from '@/components/card'
import { t } from '@/i18n'

const r = t.registry.mine

/** The ways in: with a PDS, or with an account of this server. */
export function SignIn() {
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
