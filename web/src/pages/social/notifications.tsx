import { Avatar, Button, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { done, useAct } from '@/components/act'
import { Tag, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { t } from '@/i18n'
import { Enter } from './enter'
import { social, socialApi, useSelf } from './session'
import { called, picture } from './thought'

const s = t.social

const whatHappened = (kind: string) => (s.happenings as Record<string, string>)[kind] ?? kind

export default function Notifications() {
  const self = useSelf()
  if (self.data === null)
    return (
      <Page title={t.nav.notifications}>
        <Enter />
      </Page>
    )
  return <All />
}

function All() {
  const found = socialApi.useQuery('get', '/social/notifications', {}, { refetchInterval: 5_000 })
  const requests = socialApi.useQuery('get', '/social/users/me/follow-requests')
  const [act, busy] = useAct()
  const read = () => act(() => done(social.PATCH('/social/notifications', { body: { read: true } })))
  return (
    <Page
      title={t.nav.notifications}
      actions={
        <Button variant="default" onClick={read} loading={busy} disabled={!found.data?.unread}>
          {s.markRead}
        </Button>
      }
    >
      <Stack maw={680} gap="sm">
        {requests.data?.items.map((user) => (
          <Card key={user.id}>
            <Group justify="space-between">
              <Text size="sm">{s.wantsToFollow(called(user))}</Text>
              <Button
                size="xs"
                onClick={() =>
                  act(() =>
                    done(
                      social.POST('/social/federation/me/followers/accept', {
                        body: { actor_url: user.actorUrl },
                      }),
                    ),
                  )
                }
              >
                {s.accept}
              </Button>
            </Group>
          </Card>
        ))}
        <Resource of={found}>
          {({ items }) =>
            items.length ? (
              items.map(({ id, fromUser, notificationType, thoughtId, read, createdAt }) => (
                <div key={id} className="thought">
                  <Group wrap="nowrap" gap="sm">
                    <Avatar
                      src={picture(fromUser?.avatarUrl)}
                      name={fromUser ? called(fromUser) : '?'}
                      color="gray"
                      size={32}
                      alt=""
                    />
                    <Text size="sm" className="break" flex={1}>
                      {fromUser && (
                        <Link to="/social/u/$username" params={{ username: fromUser.username }}>
                          {called(fromUser)}
                        </Link>
                      )}{' '}
                      {thoughtId ? (
                        <Link to="/social/t/$id" params={{ id: thoughtId }}>
                          {whatHappened(notificationType)}
                        </Link>
                      ) : (
                        whatHappened(notificationType)
                      )}
                    </Text>
                    {!read && <Tag color="teal">{s.fresh}</Tag>}
                    <Text size="xs" c="dimmed">
                      <Time at={createdAt} />
                    </Text>
                  </Group>
                </div>
              ))
            ) : (
              <Card>
                <Empty>{s.noNotifications}</Empty>
              </Card>
            )
          }
        </Resource>
      </Stack>
    </Page>
  )
}
