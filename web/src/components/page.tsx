import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useArrival } from './arrival'
import { Name } from './name'

interface Props {
  title: string
  /** A sentence below it. */
  intro?: ReactNode
  back?: { to: string; label: string }
  actions?: ReactNode
  children: ReactNode
}

/** What every page begins with. */
export function Page({ title, intro, back, actions, children }: Props) {
  const heading = useArrival(title)
  return (
    <Stack gap="lg">
      <div>
        {back && (
          <Anchor component={Link} to={back.to} size="sm">
            ← {back.label}
          </Anchor>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          <Title order={1} className="break" ref={heading} tabIndex={-1}>
            <Name>{title}</Name>
          </Title>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {intro && (
          <Text c="dimmed" size="sm" mt={4} maw="70ch" component="div">
            {intro}
          </Text>
        )}
      </div>
      {children}
    </Stack>
  )
}
