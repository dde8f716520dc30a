import { Button, Group, Stack, Stepper, Text, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '@/api/client'
import { useConfig, useMe } from '@/app/session'
import { done, useAct } from '@/components/act'
import { Id } from '@/components/bits'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { t } from '@/i18n'
import { AddLexicon } from './appview/add-lexicon'

const s = t.system.setup

/** From nothing to a live view: who one is, what the server is called, what it listens for. */
export default function Setup() {
  const me = useMe()
  const config = useConfig()
  const navigate = useNavigate()
  const narrow = useMediaQuery('(max-width: 48em)')
  const [step, setStep] = useState(1)
  const [name, setName] = useState<string>()
  const [act, busy] = useAct()
  const save = async () => {
    const value = name ?? config.data?.app_name ?? ''
    const named = value
      ? await act(() =>
          done(
            client.PUT('/admin/settings/{key}', { params: { path: { key: 'app_name' } }, body: { value } }),
          ),
        )
      : true
    if (named) setStep(2)
  }
  return (
    <Page title={s.title} intro={s.intro}>
      <Card>
        <Stepper
          active={step}
          onStepClick={setStep}
          size="sm"
          allowNextStepsSelect={false}
          orientation={narrow ? 'vertical' : 'horizontal'}
        >
          <Stepper.Step label={s.you} description={s.youDone}>
            <Stack>
              <Text size="sm">{s.youAre}</Text>
              {me.data && <Id value={me.data.did} />}
            </Stack>
          </Stepper.Step>
          <Stepper.Step label={s.name} description={s.nameHelp}>
            <form
              onSubmit={(event) => {
                event.preventDefault()
                void save()
              }}
            >
              <Stack maw={420}>
                <TextInput
                  label={s.called}
                  value={name ?? config.data?.app_name ?? ''}
                  placeholder={t.appName}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <Group>
                  <Button type="submit" loading={busy}>
                    {s.next}
                  </Button>
                </Group>
              </Stack>
            </form>
          </Stepper.Step>
          <Stepper.Step label={s.lexicon} description={s.lexiconHelp}>
            <AddLexicon added={() => setStep(3)} />
          </Stepper.Step>
          <Stepper.Completed>
            <Stack>
              <Text>{s.done}</Text>
              <Group>
                <Button onClick={() => void navigate({ to: '/' })}>{s.live}</Button>
                <Button component={Link} to="/lexicons/new" variant="default">
                  {s.another}
                </Button>
              </Group>
            </Stack>
          </Stepper.Completed>
        </Stepper>
      </Card>
    </Page>
  )
}
