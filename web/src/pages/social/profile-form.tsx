import { Button, Group, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Schemas } from '@/api/client'
import { done, useAct } from '@/components/act'
import { Card } from '@/components/card'
import { t } from '@/i18n'
import { Custom } from './custom'
import { social } from './session'
import { called } from './thought'

const s = t.social.settings

/** What one says of oneself, and how that looks. */
export function Profile({ of }: { of: Schemas['SocialUser'] }) {
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
