import {
  Button,
  FileButton,
  Group,
  PasswordInput,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Schemas } from '@/api/client'
import { done, tell, useAct } from '@/components/act'
import { Snippet, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { Custom } from './custom'
import { Enter } from './enter'
import { Moving } from './moving'
import { social, socialApi, useEnter, useSelf } from './session'
import { called } from './thought'

const s = t.social.settings

/** Two megabytes, which is what the server takes. */
const LARGEST = 2 * 1024 * 1024

export default function Settings() {
  const self = useSelf()
  const { leave } = useEnter()
  return (
    <Page
      title={t.nav.profile}
      actions={
        self.data && (
          <Button variant="default" onClick={() => void leave()}>
            {t.shell.signOut}
          </Button>
        )
      }
    >
      {self.data === null && <Enter />}
      {self.data && (
        <div className="columns">
          <Profile key={self.data.id} of={self.data} />
          <Stack>
            <Pictures />
            <Keys />
            <Password />
            <Moving key={self.data.id} of={self.data} />
            <Data />
          </Stack>
        </div>
      )}
    </Page>
  )
}

function Profile({ of }: { of: Schemas['SocialUser'] }) {
  const [act, busy] = useAct()
  const form = useForm({
    initialValues: {
      displayName: of.displayName ?? '',
      bio: of.bio ?? '',
      customCss: of.customCss ?? '',
      manuallyApprovesFollowers: of.manuallyApprovesFollowers ?? false,
    },
  })
  const save = form.onSubmit((changes) =>
    act(() => {
      const body = changes as Schemas['SocialProfileChanges']
      return done(social.PATCH('/social/users/me', { body }))
    }, t.common.saved),
  )
  return (
    <Card title={s.profile}>
      <form onSubmit={save}>
        <Stack>
          <TextInput label={s.displayName} {...form.getInputProps('displayName')} />
          <Textarea label={s.bio} autosize minRows={3} {...form.getInputProps('bio')} />
          <Switch
            label={s.approve}
            {...form.getInputProps('manuallyApprovesFollowers', { type: 'checkbox' })}
          />
          <Textarea
            label={s.css}
            description={s.cssHelp(of.username)}
            autosize
            minRows={4}
            classNames={{ input: 'mono' }}
            spellCheck={false}
            {...form.getInputProps('customCss')}
          />
          <Text size="sm" fw={600}>
            {s.preview}
          </Text>
          <Custom username={of.username} css={of.customCss ?? ''}>
            <h2>{called(of)}</h2>
            <div className="handle">@{of.username}</div>
            {of.bio && <p>{of.bio}</p>}
          </Custom>
          <Group>
            <Button type="submit" loading={busy}>
              {t.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

function Pictures() {
  const [act, busy] = useAct()
  const upload = (path: '/social/users/me/avatar' | '/social/users/me/banner') => (file: File | null) => {
    if (!file) return
    if (file.size > LARGEST) return tell(s.tooLarge, 'red')
    const body = new FormData()
    body.append('file', file)
    void act(
      () => done(social.PUT(path, { body: body as never, bodySerializer: (form) => form as never })),
      t.common.saved,
    )
  }
  return (
    <Card title={s.pictures}>
      <Group>
        <FileButton
          accept="image/png,image/jpeg,image/gif,image/webp"
          onChange={upload('/social/users/me/avatar')}
        >
          {(props) => (
            <Button variant="default" loading={busy} {...props}>
              {s.avatar}
            </Button>
          )}
        </FileButton>
        <FileButton
          accept="image/png,image/jpeg,image/gif,image/webp"
          onChange={upload('/social/users/me/banner')}
        >
          {(props) => (
            <Button variant="default" loading={busy} {...props}>
              {s.banner}
            </Button>
          )}
        </FileButton>
      </Group>
    </Card>
  )
}

function Keys() {
  const keys = socialApi.useQuery('get', '/social/api-keys')
  const [name, setName] = useState('')
  const [made, setMade] = useState('')
  const [act, busy] = useAct()
  return (
    <Card title={t.nav.keys}>
      <Stack>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void act(async () =>
              setMade((await done(social.POST('/social/api-keys', { body: { name } }))).key),
            )
          }}
        >
          <Group align="end">
            <TextInput
              label={t.system.keys.name}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              required
              withAsterisk={false}
            />
            <Button type="submit" variant="default" loading={busy}>
              {t.system.keys.add}
            </Button>
          </Group>
        </form>
        {made && <Snippet what={t.system.keys.key}>{made}</Snippet>}
        <Resource of={keys} lines={1}>
          {({ keys: all }) => (
            <Table
              label={t.nav.keys}
              rows={all}
              id={({ id }) => id}
              empty={t.system.keys.none}
              columns={[
                { title: t.system.keys.name, cell: ({ name }) => name },
                { title: t.system.users.since, cell: ({ createdAt }) => <Time at={createdAt} /> },
                {
                  title: t.common.actions,
                  bare: true,
                  cell: ({ id, name }) => (
                    <Tool
                      icon="trash"
                      label={`${t.common.delete} ${name}`}
                      onClick={() =>
                        act(() => done(social.DELETE('/social/api-keys/{id}', { params: { path: { id } } })))
                      }
                    />
                  ),
                },
              ]}
            />
          )}
        </Resource>
      </Stack>
    </Card>
  )
}

function Password() {
  const [body, setBody] = useState({ oldPassword: '', newPassword: '' })
  const [act, busy] = useAct()
  return (
    <Card title={s.password}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void act(() => done(social.PUT('/social/auth/password', { body })), s.passwordChanged)
        }}
      >
        <Stack>
          <PasswordInput
            label={s.old}
            autoComplete="current-password"
            value={body.oldPassword}
            onChange={({ currentTarget: { value } }) =>
              setBody((before) => ({ ...before, oldPassword: value }))
            }
          />
          <PasswordInput
            label={s.new}
            autoComplete="new-password"
            value={body.newPassword}
            onChange={({ currentTarget: { value } }) =>
              setBody((before) => ({ ...before, newPassword: value }))
            }
          />
          <Group>
            <Button type="submit" variant="default" loading={busy}>
              {t.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

/** Everything one has here, as a file. */
async function takeAlong() {
  const { data } = await social.GET('/social/export', { parseAs: 'blob' })
  if (!data) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(data as Blob)
  link.download = 'everything.ndjson'
  link.click()
  URL.revokeObjectURL(link.href)
}

function Data() {
  return (
    <Card title={s.data}>
      <Button variant="default" onClick={() => void takeAlong()}>
        {t.registry.mine.takeAlong}
      </Button>
    </Card>
  )
}
