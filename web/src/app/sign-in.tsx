import { Alert, Button, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { explain } from '@/api/problem'
import { useArrival } from '@/components/arrival'
import { t } from '@/i18n'
import { signIn, useConfig } from './session'

/** Asks who one is; the password is for the PDS alone. */
export function SignIn({ scope }: { scope?: string }) {
  const config = useConfig()
  const [handle, setHandle] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const name = config.data?.app_name || t.appName
  const heading = useArrival(t.signIn.title)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem('')
    try {
      await signIn(handle, scope)
    } catch (error) {
      setProblem(explain(error, t.common.unreachable))
      setBusy(false)
    }
  }
  const alerts = [...(config.data?.configErrors ?? []), problem].filter(Boolean)
  return (
    <Paper className="card" p="xl" maw={420} mx="auto" mt={{ base: 'md', sm: '10vh' }}>
      <Stack gap="md">
        <div>
          <Title order={1} ref={heading} tabIndex={-1}>
            {name}
          </Title>
          <Text c="dimmed" size="sm">
            {t.signIn.intro}
          </Text>
        </div>
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput
              label={t.signIn.handle}
              description={t.signIn.where}
              inputWrapperOrder={['label', 'input', 'description']}
              placeholder={t.signIn.placeholder}
              value={handle}
              onChange={(event) => setHandle(event.currentTarget.value)}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              inputMode="url"
              required
              withAsterisk={false}
            />
            <Button type="submit" loading={busy}>
              {t.signIn.go}
            </Button>
          </Stack>
        </form>
        {alerts.map((alert) => (
          <Alert key={alert} color="red" role="alert">
            {alert}
          </Alert>
        ))}
        <Text c="dimmed" size="xs">
          {t.signIn.first}
        </Text>
      </Stack>
    </Paper>
  )
}
