import { Button, Group, Menu, SimpleGrid, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Schemas } from '@/api/client'
import { done, useAct } from '@/components/act'
import { Card } from '@/components/card'
import { number } from '@/components/format'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Rich } from '@/components/rich'
import { t } from '@/i18n'
import { Custom } from './custom'
import { Thoughts } from './feed'
import { social, socialApi, useSelf } from './session'
import { called, picture } from './thought'

const s = t.social

type User = Schemas['SocialUser']

export default function Profile() {
  const { username } = useParams({ strict: false }) as { username: string }
  const user = socialApi.useQuery('get', '/social/users/{username}', { params: { path: { username } } })
  return (
    <Page
      title={user.data ? called(user.data) : `@${username}`}
      back={{ to: '/social', label: t.nav.timeline }}
    >
      <Resource of={user}>
        {(found) => (
          <Stack maw={680}>
            <Actions of={found} />
            <Looks of={found} />
            <Friends username={username} />
            <Written username={username} />
          </Stack>
        )}
      </Resource>
    </Page>
  )
}

function Looks({ of }: { of: User }) {
  const banner = picture(of.headerUrl)
  const avatar = picture(of.avatarUrl)
  return (
    <Custom username={of.username} css={of.customCss ?? ''}>
      {banner && <img className="banner" src={banner} alt="" />}
      {avatar && <img className="avatar" src={avatar} alt="" />}
      <h2>{called(of)}</h2>
      <div className="handle">@{of.username}</div>
      {of.bio && <Rich html={of.local ? plain(of.bio) : of.bio} />}
      <div className="counts">
        <span>{s.thoughts(number(of.thoughtsCount))}</span>
        <span>{s.followers(number(of.followersCount))}</span>
        <span>{s.following(number(of.followingCount))}</span>
      </div>
      {of.profileFields.length > 0 && (
        <dl>
          {of.profileFields.map(({ name, value }) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>
                <Rich html={of.local ? plain(value) : value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Custom>
  )
}

/** Text as HTML. */
const plain = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>')

/** How often is looked whether another server has let one follow, in milliseconds. */
const LOOK = 1_500

function Actions({ of: { username, id, isFollowedByViewer, local } }: { of: User }) {
  const self = useSelf()
  const [act, busy] = useAct()
  const [asked, setAsked] = useState(false)
  const waits = asked && !isFollowedByViewer
  const queries = useQueryClient()
  useEffect(() => {
    if (!waits) return
    const timer = setInterval(() => void queries.invalidateQueries(), LOOK)
    const end = setTimeout(() => clearInterval(timer), 20 * LOOK)
    return () => {
      clearInterval(timer)
      clearTimeout(end)
    }
  }, [waits, queries])
  if (!self.data) return null
  if (self.data.id === id)
    return (
      <Group>
        <Button component={Link} to="/social/settings" variant="default">
          {s.editProfile}
        </Button>
      </Group>
    )
  const path = { params: { path: { username } } }
  return (
    <Group>
      <Button
        variant={isFollowedByViewer || waits ? 'default' : 'filled'}
        loading={busy}
        disabled={waits}
        onClick={async () => {
          const call = isFollowedByViewer
            ? social.DELETE('/social/users/{username}/follow', path)
            : social.POST('/social/users/{username}/follow', path)
          // Whoever is elsewhere, or wants to be asked, lets one follow later.
          setAsked((await act(() => done(call))) && !isFollowedByViewer)
        }}
      >
        {isFollowedByViewer ? s.unfollow : waits ? s.asked : s.follow}
      </Button>
      {local && (
        <Menu>
          <Menu.Target>
            <Button variant="default">{t.common.actions}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() => act(() => done(social.POST('/social/users/{username}/mute', path)), s.muted)}
            >
              {s.mute}
            </Menu.Item>
            <Menu.Item
              onClick={() => act(() => done(social.POST('/social/users/{username}/block', path)), s.blocked)}
            >
              {s.block}
            </Menu.Item>
            <Menu.Item
              onClick={() =>
                act(
                  () => done(social.POST('/social/reports', { body: { username, category: 'other' } })),
                  s.reported,
                )
              }
            >
              {s.report}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  )
}

function Friends({ username }: { username: string }) {
  const friends = socialApi.useQuery('get', '/social/users/{username}/top-friends', {
    params: { path: { username } },
  })
  if (!friends.data?.topFriends.length) return null
  return (
    <Card title={s.topFriends}>
      <SimpleGrid cols={{ base: 2, xs: 5 }}>
        {friends.data.topFriends.map((friend) => (
          <Link key={friend.id} to="/social/u/$username" params={{ username: friend.username }}>
            {called(friend)}
          </Link>
        ))}
      </SimpleGrid>
    </Card>
  )
}

function Written({ username }: { username: string }) {
  const pages = socialApi.useInfiniteQuery(
    'get',
    '/social/users/{username}/thoughts',
    { params: { path: { username } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    },
  )
  return (
    <Stack gap="sm">
      <Resource of={pages}>
        {({ pages: all }) => <Thoughts of={all.flatMap(({ items }) => items)} empty={s.wroteNothing} />}
      </Resource>
      <More of={pages} />
    </Stack>
  )
}
