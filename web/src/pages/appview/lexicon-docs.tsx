import { Stack, Text } from '@mantine/core'
import { isNode, type Node, node, text } from '@/api/node'
import { Tag } from '@/components/bits'
import { Card } from '@/components/card'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const l = t.appview.lexicons

/** What a schema admits, in a few words. */
export function typeOf(value: unknown): string {
  const schema = node(value)
  const type = text(schema.type) || 'unknown'
  if (type === 'array') return l.listOf(typeOf(schema.items))
  if (type === 'ref') return text(schema.ref)
  if (type === 'union') return Array.isArray(schema.refs) ? schema.refs.join(' | ') : 'union'
  return text(schema.format) ? `${type} (${text(schema.format)})` : type
}

const LIMITS = [
  'maxLength',
  'maxGraphemes',
  'minLength',
  'minimum',
  'maximum',
  'maxSize',
  'default',
  'const',
] as const

/** What a schema demands besides its type. */
export function limits(value: unknown): string {
  const schema = node(value)
  const found = LIMITS.filter((name) => schema[name] !== undefined).map(
    (name) => `${name} ${String(schema[name])}`,
  )
  const values = Array.isArray(schema.enum)
    ? schema.enum
    : Array.isArray(schema.knownValues)
      ? schema.knownValues
      : []
  if (values.length) found.push(values.map(String).join(', '))
  return found.join('; ')
}

/** Documentation of everything that a lexicon defines. */
export function LexiconDocs({ lexicon }: { lexicon: Node }) {
  return (
    <Stack>
      {Object.entries(node(lexicon.defs)).map(([name, value]) => (
        <Definition key={name} name={name} value={node(value)} />
      ))}
    </Stack>
  )
}

function Definition({ name, value }: { name: string; value: Node }) {
  const parts: [string, unknown][] = [
    [l.fields, value.type === 'record' ? value.record : value.properties ? value : undefined],
    [l.parameters, value.parameters],
    [l.input, node(value.input).schema],
    [l.output, node(value.output).schema],
  ]
  return (
    <Card title={name} actions={<Tag>{text(value.type)}</Tag>}>
      <Stack gap="md">
        {text(value.description) && <Text size="sm">{text(value.description)}</Text>}
        {text(value.key) && <Text size="sm">{l.key(text(value.key))}</Text>}
        {parts.map(
          ([title, schema]) => isNode(schema) && <Fields key={title} title={title} schema={schema} />,
        )}
        {parts.every(([, schema]) => !isNode(schema)) && (
          <Text size="sm" c="dimmed">
            {typeOf(value)} {limits(value)}
          </Text>
        )}
      </Stack>
    </Card>
  )
}

function Fields({ title, schema }: { title: string; schema: Node }) {
  const properties = Object.entries(node(schema.properties))
  const required = Array.isArray(schema.required) ? schema.required : []
  if (properties.length === 0)
    return (
      <Text size="sm">
        {title}: {typeOf(schema)}
      </Text>
    )
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <Table
        label={title}
        rows={properties}
        id={([name]) => name}
        empty=""
        columns={[
          { title: l.name, cell: ([name]) => <code>{name}</code> },
          { title: l.type, cell: ([, value]) => <span className="break">{typeOf(value)}</span> },
          { title: l.required, cell: ([name]) => (required.includes(name) ? t.common.yes : t.common.no) },
          { title: l.limits, cell: ([, value]) => limits(value) || '–' },
          { title: l.description, cell: ([, value]) => text(node(value).description) || '–' },
        ]}
      />
    </div>
  )
}
