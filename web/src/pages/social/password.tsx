import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { done, useAct } from '@/components/act'
import { Card } from '@/components/card'
import { t } from '@/i18n'
import { social } from './session'

const s = t.social.settings

/** Changes the password. */
export function Password() {
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
