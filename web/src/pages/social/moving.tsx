import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Schemas } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { t } from '@/i18n'
import { social } from './session'

const m = t.social.moving

/** Other accounts of the same person: those that may move here, and the one that this moves to. */
export function Moving({ of }: { of: Schemas['SocialUser'] }) {
  return (
    <Card title={m.title}>
      <Stack gap="lg">
        <Aliases of={of.alsoKnownAs ?? []} />
        {of.movedTo ? <Moved to={of.movedTo} /> : <Move />}
      </Stack>
    </Card>
  )
}

function Aliases({ of }: { of: string[] }) {
  const [name, setName] = useState('')
  const [act, busy] = useAct()
  const put = (aliases: string[]) =>
    act(
      () => done(social.PATCH('/social/federation/me/also-known-as', { body: { also_known_as: aliases } })),
      t.common.saved,
    )
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (await put([...of, name.trim()])) setName('')
  }
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {m.aliasesHelp}
      </Text>
      {of.length > 0 && (
        <ul className="lines">
          {of.map((alias) => (
            <li key={alias}>
              <span className="break">{alias}</span>
              <Tool
                icon="trash"
                label={`${t.common.delete} ${alias}`}
                onClick={() => void put(of.filter((other) => other !== alias))}
              />
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={add}>
        <Group align="end">
          <TextInput
            label={m.alias}
            placeholder="@ann@old.example"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            withAsterisk={false}
            flex={1}
            miw={180}
          />
          <Button type="submit" variant="default" loading={busy}>
            {m.add}
          </Button>
        </Group>
      </form>
    </Stack>
  )
}

function Move() {
  const [target, setTarget] = useState('')
  const [act, busy] = useAct()
  const move = (event: FormEvent) => {
    event.preventDefault()
    const body = { new_actor_url: target.trim() }
    confirm(
      m.moveTo(target.trim()),
      () => act(() => done(social.POST('/social/federation/me/move', { body })), m.moved),
      m.moveHelp,
      m.move,
    )
  }
  return (
    <form onSubmit={move}>
      <Group align="end">
        <TextInput
          label={m.target}
          description={m.targetHelp}
          placeholder="https://new.example/users/ann"
          value={target}
          onChange={(event) => setTarget(event.currentTarget.value)}
          required
          withAsterisk={false}
          flex={1}
          miw={180}
        />
        <Button type="submit" variant="default" loading={busy}>
          {m.move}
        </Button>
      </Group>
    </form>
  )
}

function Moved({ to }: { to: string }) {
  const [act, busy] = useAct()
  return (
    <Alert color="yellow" variant="light">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" className="break">
          {m.isAt(to)}
        </Text>
        <Button
          size="xs"
          variant="default"
          loading={busy}
          onClick={() => void act(() => done(social.DELETE('/social/federation/me/move')), m.back)}
        >
          {m.use}
        </Button>
      </Stack>
    </Alert>
  )
}
