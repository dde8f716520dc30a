import { Avatar, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schemas } from '@/api/client'
import { Card } from '@/components/card'
import { Icon } from '@/components/icon'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { t } from '@/i18n'
import { Thoughts } from './feed'
import { socialApi, useSelf } from './session'
import { called, picture } from './thought'

const s = t.social

export default function Search() {
  const { q = '' } = useSearch({ strict: false }) as { q?: string }
  const [text, setText] = useState(q)
  const navigate = useNavigate()
  return (
    <Page title={t.nav.findPeople}>
      <Stack maw={680}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void navigate({ to: '/social/search', search: { q: text } })
          }}
        >
          <TextInput
            aria-label={t.nav.findPeople}
            placeholder={s.searchPlaceholder}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            leftSection={<Icon name="search" size={16} />}
          />
        </form>
        {q ? <Found q={q} /> : <Everybody />}
      </Stack>
    </Page>
  )
}

function Found({ q }: { q: string }) {
  const found = socialApi.useQuery('get', '/social/search', { params: { query: { q } } })
  return (
    <>
      {/^@?[\w.-]+@[\w.-]+(:\d+)?$/.test(q) && <Elsewhere handle={q} />}
      <Resource of={found}>
        {({ users, thoughts }) => (
          <>
            <People of={users} />
            {thoughts.length > 0 && <Title order={2}>{s.written}</Title>}
            {thoughts.length > 0 && <Thoughts of={thoughts} empty="" />}
            {users.length + thoughts.length === 0 && (
              <Card>
                <Empty>{s.nothingFound}</Empty>
              </Card>
            )}
          </>
        )}
      </Resource>
    </>
  )
}

/** Somebody on another server of the fediverse. */
function Elsewhere({ handle }: { handle: string }) {
  const self = useSelf()
  const found = socialApi.useQuery(
    'get',
    '/social/users/lookup',
    { params: { query: { handle: handle.replace(/^@/, '') } } },
    { enabled: !!self.data, retry: false },
  )
  if (!found.data) return null
  const { handle: full, displayName } = found.data
  return (
    <Card title={s.elsewhere}>
      <Link to="/social/u/$username" params={{ username: full }}>
        {displayName || full}
      </Link>
    </Card>
  )
}

function Everybody() {
  const users = socialApi.useQuery('get', '/social/users')
  return <Resource of={users}>{({ items }) => <People of={items} empty={s.nobody} />}</Resource>
}

function People({ of, empty }: { of: Schemas['SocialUser'][]; empty?: string }) {
  if (of.length === 0)
    return empty ? (
      <Card>
        <Empty>{empty}</Empty>
      </Card>
    ) : null
  return of.map((user) => (
    <div key={user.id} className="thought">
      <Group wrap="nowrap" gap="sm">
        <Avatar src={picture(user.avatarUrl)} name={called(user)} color="gray" size={36} alt="" />
        <div>
          <Link to="/social/u/$username" params={{ username: user.username }} className="break">
            {called(user)}
          </Link>
          <Text size="sm" c="dimmed" lineClamp={2} className="break">
            @{user.username}
          </Text>
        </div>
      </Group>
    </div>
  ))
}
