import { Badge, Group, Stack, Text } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { at } from '@/app/base'
import { Snippet, Tag } from '@/components/bits'
import { Opens } from '@/components/opens'
import { t } from '@/i18n'
import { type Answer, type Body, curl, type Field, type OpenApiDocument, type Operation } from './openapi'

const a = t.system.api

const TONES: Record<string, string> = {
  GET: 'blue',
  POST: 'teal',
  PUT: 'yellow',
  PATCH: 'yellow',
  DELETE: 'red',
}

interface Props {
  document: OpenApiDocument
  operation: Operation
  onOpen: () => void
}

/** One of the things that may be asked; what it takes and gives is there when it is opened. */
export function Described({ document, operation, onOpen }: Props) {
  const { id, method, path, summary, parameters, body, answers, problems } = operation
  const isWanted = (useSearch({ strict: false }) as { operation?: string }).operation === id
  return (
    <Opens
      className="operation"
      opened={isWanted}
      wanted={isWanted}
      onOpen={onOpen}
      summary={
        <>
          <Badge color={TONES[method] ?? 'gray'} miw={64}>
            {method}
          </Badge>
          <code className="break">{path}</code>
          <span>{summary}</span>
        </>
      }
    >
      <Stack gap="md" p="md" pt={0}>
        <Who document={document} operation={operation} />
        <Snippet what={a.example}>{curl(document, operation, location.origin + at(''))}</Snippet>
        {parameters.length > 0 && (
          <Titled title={a.parameters}>
            <Fields document={document} fields={parameters} />
          </Titled>
        )}
        {body && (
          <Titled title={a.body}>
            <Shape document={document} body={body} />
          </Titled>
        )}
        {answers.map((answer) => (
          <Titled key={answer.status} title={a.answer(answer.status, answer.description)}>
            {answer.body ? (
              <Shape document={document} body={answer.body} />
            ) : (
              <Text size="sm">{a.nothing}</Text>
            )}
          </Titled>
        ))}
        <Problems of={problems} />
      </Stack>
    </Opens>
  )
}

function Titled({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {children}
    </section>
  )
}

function Who({
  document,
  operation: { credentials, anonymous, permissions },
}: {
  document: OpenApiDocument
  operation: Operation
}) {
  return (
    <Titled title={a.who}>
      {permissions.length > 0 && (
        <Group gap="xs" mb={4}>
          {permissions.map((permission) => (
            <Tag key={permission} color="blue">
              {permission}
            </Tag>
          ))}
        </Group>
      )}
      <Text size="sm" component="div">
        {anonymous && (credentials.length ? a.anybodyAndMore : a.anybody)}
        {credentials.length > 0 && (
          <ul>
            {credentials.map((name) => (
              <li key={name}>
                <Said>{document.credential(name) || name}</Said>
              </li>
            ))}
          </ul>
        )}
      </Text>
    </Titled>
  )
}

/** Those that are usual, in a line each. */
function Problems({ of }: { of: Answer[] }) {
  return (
    <Titled title={a.problems}>
      <ul className="fields">
        {of.map(({ status, description }) => (
          <li key={status}>
            <code>{status === 'default' ? a.other : status}</code> <Said>{description}</Said>
          </li>
        ))}
      </ul>
    </Titled>
  )
}

/** A body: what kind of thing it is, and what is in it. */
function Shape({ document, body: { mediaType, schema } }: { document: OpenApiDocument; body: Body }) {
  return (
    <>
      <Text size="sm" mb={4}>
        <code>{mediaType}</code> <span className="break">{document.typeOf(schema)}</span>
      </Text>
      <Fields document={document} fields={document.fieldsOf(schema)} />
    </>
  )
}

function Fields({ document, fields }: { document: OpenApiDocument; fields: Field[] }) {
  if (fields.length === 0) return null
  return (
    <ul className="fields">
      {fields.map((field, index) => {
        const { name, schema, type, required, description, place } = field
        const within = document.fieldsOf(schema)
        return (
          // Alternatives may have fields of the same name.
          <li key={`${index} ${name}`}>
            <code>{name}</code> <span className="break type">{type}</span> {place && <Tag>{place}</Tag>}{' '}
            {!required && <Tag>{a.optional}</Tag>}
            {description && (
              <Text size="sm" c="dimmed" maw="80ch">
                <Said>{description}</Said>
              </Text>
            )}
            {within.length > 0 && (
              <Opens summary={a.fieldsOf(type)}>
                <Fields document={document} fields={within} />
              </Opens>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** Text in which names stand between backticks. */
function Said({ children }: { children: string }) {
  return children
    .split('`')
    .map((piece, index) =>
      index % 2 ? <code key={index}>{piece}</code> : <Fragment key={index}>{piece}</Fragment>,
    )
}
