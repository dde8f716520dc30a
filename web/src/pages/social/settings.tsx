import { Button, FileButton, Group, Stack } from '@mantine/core'
import { done, tell, useAct } from '@/components/act'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { t } from '@/i18n'
import { Enter } from './enter'
import { Keys } from './keys'
import { Moving } from './moving'
import { Password } from './password'
import { Profile } from './profile-form'
import { social, useEnter, useSelf } from './session'

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
