import { Stack } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'
import { Compose } from './compose'
import { socialApi, useSelf } from './session'
import { Thought } from './thought'

const s = t.social

/** All that hangs together, oldest first. */
export default function Thread() {
  const { id } = useParams({ strict: false }) as { id: string }
  const self = useSelf()
  const path = { params: { path: { id } } }
  const thread = socialApi.useQuery('get', '/social/thoughts/{id}/thread', path, { refetchInterval: 5_000 })
  return (
    <Page title={s.thread} back={{ to: '/social', label: t.nav.timeline }}>
      <Stack gap="sm" maw={680}>
        <Resource of={thread}>
          {(all) => all.map((thought) => <Thought key={thought.id} of={thought} main={thought.id === id} />)}
        </Resource>
        {self.data && <Compose inReplyTo={id} placeholder={s.replyPlaceholder} />}
      </Stack>
    </Page>
  )
}
