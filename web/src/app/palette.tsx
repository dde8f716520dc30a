import { Group, Kbd, Modal, ScrollArea, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { api } from '@/api/client'
import { address } from '@/api/links'
import { Icon, type IconName } from '@/components/icon'
import { t } from '@/i18n'
import { matches } from './match'
import { PLACES } from './nav'
import { useMe } from './session'

interface Choice {
  to: string
  label: string
  kind: string
  icon: IconName
}

/** How many choices are shown. */
const SHOWN = 12

/** Leads anywhere by a few letters of its name. */
export default function Palette({ close }: { close: () => void }) {
  const navigate = useNavigate()
  const me = useMe()
  const enabled = me.data?.is_admin === true
  const lexicons = api.useQuery('get', '/admin/lexicons', {}, { enabled })
  const scripts = api.useQuery('get', '/admin/scripts', {}, { enabled })
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const choices = useMemo(() => {
    const all: Choice[] = [
      ...PLACES.map(({ to, label, icon, area }) => ({ to, label, icon, kind: area })),
      ...(lexicons.data ?? []).map(({ id }) => ({
        to: `/lexicons/${encodeURIComponent(id)}`,
        label: id,
        icon: 'lexicon' as const,
        kind: t.palette.lexicon,
      })),
      ...(scripts.data ?? []).map(({ id }) => ({
        to: `/scripts/${encodeURIComponent(id)}`,
        label: id,
        icon: 'script' as const,
        kind: t.palette.script,
      })),
    ]
    const found = all.filter(({ label, kind }) => matches(`${kind} ${label}`, text)).slice(0, SHOWN)
    const record = text.trim().startsWith('at://') && address(text.trim())
    if (record) {
      const { did, collection, rkey, uri } = record
      found.unshift({
        to: `/records/${did}/${collection}/${rkey}`,
        label: uri,
        icon: 'record',
        kind: t.palette.record,
      })
    } else if (text.trim()) {
      const q = encodeURIComponent(text.trim())
      found.push({ to: `/registry/search?q=${q}`, label: text, icon: 'image', kind: t.palette.image })
      found.push({ to: `/social/search?q=${q}`, label: text, icon: 'user', kind: t.palette.person })
    }
    return found
  }, [text, lexicons.data, scripts.data])
  const open = (choice: Choice | undefined) => {
    if (!choice) return
    close()
    void navigate({ href: choice.to })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      setChosen((chosen + step + choices.length) % Math.max(choices.length, 1))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      open(choices[chosen])
    }
  }
  return (
    <Modal opened onClose={close} title={t.palette.title} yOffset="10vh" centered={false} size="lg">
      <TextInput
        data-autofocus
        value={text}
        placeholder={t.palette.placeholder}
        aria-label={t.palette.title}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette"
        aria-activedescendant={choices[chosen] ? `choice-${chosen}` : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
        leftSection={<Icon name="search" size={16} />}
      />
      <ScrollArea.Autosize mah="50vh" mt="sm">
        <Stack gap={2} id="palette" role="listbox" aria-label={t.palette.title}>
          {choices.map((choice, index) => (
            <UnstyledButton
              key={`${choice.kind} ${choice.to}`}
              id={`choice-${index}`}
              role="option"
              aria-selected={index === chosen}
              tabIndex={-1}
              className="choice"
              onMouseEnter={() => setChosen(index)}
              onClick={() => open(choice)}
            >
              <Icon name={choice.icon} size={16} />
              <span className="break">{choice.label}</span>
              <Text span size="xs" c="dimmed" ml="auto" className="nowrap">
                {choice.kind}
              </Text>
            </UnstyledButton>
          ))}
        </Stack>
        {choices.length === 0 && (
          <Text c="dimmed" size="sm" py="md" ta="center">
            {t.palette.nothing}
          </Text>
        )}
      </ScrollArea.Autosize>
      <Group mt="sm" gap={6} c="dimmed">
        <Kbd size="xs">↑↓</Kbd>
        <Text size="xs">{t.palette.hint}</Text>
      </Group>
    </Modal>
  )
}
