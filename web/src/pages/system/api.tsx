import { Stack, Text, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useDeferredValue, useMemo, useState } from 'react'
import { api } from '@/api/client'
import { at } from '@/app/base'
import { Tag } from '@/components/bits'
import { Icon } from '@/components/icon'
import { Opens } from '@/components/opens'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { t } from '@/i18n'
import { type Group, isMeant, OpenApiDocument } from './openapi'
import { Described } from './operation'

const a = t.system.api

/** What programs may ask of this server, as it says itself. */
export default function Api() {
  // The document is a part of the program.
  const document = api.useQuery('get', '/admin/openapi.json', undefined, {
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Page title={t.nav.api} intro={a.intro} actions={<a href={at('/admin/openapi.json')}>{a.openapi}</a>}>
      <Resource of={document}>{(document) => <Reference document={document} />}</Resource>
    </Page>
  )
}

/** Where one is in it, as the address says. */
type Place = { q?: string; group?: string; operation?: string }

function Reference({ document: source }: { document: unknown }) {
  const document = useMemo(() => new OpenApiDocument(source), [source])
  const { q = '', group } = useSearch({ strict: false }) as Place
  const [text, setText] = useState(q)
  const words = useDeferredValue(text.trim())
  const navigate = useNavigate()
  const go = (search: Place) => void navigate({ to: '/api', search, replace: true, resetScroll: false })
  const found = words
    ? document.groups
        .map(({ name, operations }) => ({
          name,
          operations: operations.filter((each) => isMeant(each, words)),
        }))
        .filter(({ operations }) => operations.length > 0)
    : document.groups
  return (
    <Stack gap="sm">
      <Text size="sm" maw="70ch">
        {document.description}
      </Text>
      <TextInput
        aria-label={a.find}
        placeholder={a.find}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          go({ q: event.currentTarget.value })
        }}
        leftSection={<Icon name="search" size={16} />}
        maw={420}
      />
      {found.length === 0 && <Empty>{a.none}</Empty>}
      {found.map((each) => (
        <Part
          // Whoever ceases to look for something sees everything closed again.
          key={`${each.name} ${words !== ''}`}
          document={document}
          group={each}
          opened={words !== '' || each.name === group}
          go={(place) => go({ q: text, group: each.name, ...place })}
        />
      ))}
    </Stack>
  )
}

interface PartProps {
  document: OpenApiDocument
  group: Group
  opened: boolean
  /** Has the address say where one is in it. */
  go: (place: Place) => void
}

function Part({ document, group: { name, operations }, opened, go }: PartProps) {
  return (
    <Opens
      className="card part"
      opened={opened}
      onOpen={() => go({})}
      summary={
        <>
          <h2>{name}</h2>
          <Tag>{String(operations.length)}</Tag>
        </>
      }
    >
      {operations.map((operation) => (
        <Described
          key={operation.id}
          document={document}
          operation={operation}
          onOpen={() => go({ operation: operation.id })}
        />
      ))}
    </Opens>
  )
}
