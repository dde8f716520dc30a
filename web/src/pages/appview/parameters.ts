// Parameters of a method as its lexicon declares them, and what somebody gives for them.

export interface Parameter {
  name: string
  schema: Schema
  required: boolean
}

interface Schema {
  type?: string
  format?: string
  description?: string
  items?: Schema
  enum?: unknown[]
  knownValues?: unknown[]
  minimum?: number
  maximum?: number
  maxLength?: number
}

/** What is given, by name; those without a value are not sent. */
export type Values = { [name: string]: string[] }

interface Document {
  defs?: { main?: { parameters?: { properties?: { [name: string]: Schema }; required?: string[] } } }
}

export function parametersOf(document: unknown): Parameter[] {
  const { properties = {}, required = [] } = (document as Document | null)?.defs?.main?.parameters ?? {}
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema: schema ?? {},
    required: required.includes(name),
  }))
}

/** As they stand in an address: a name for each value. */
export const written = (values: Values) =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, all]) =>
      all.filter((value) => value !== '').map((value): [string, string] => [name, value]),
    ),
  ).toString()

/** The reverse. */
export function read(query: string): Values {
  const values: Values = {}
  for (const [name, value] of new URLSearchParams(query)) values[name] = [...(values[name] ?? []), value]
  return values
}

/** Values that a parameter may have, if its lexicon lists all of them. */
export const choices = (schema: Schema): string[] =>
  Array.isArray(schema.enum) ? schema.enum.map(String) : []

const two = (value: number) => String(value).padStart(2, '0')

/** A datetime as fields for it want it: of here, to the second. */
export function local(datetime: string): string {
  const at = new Date(datetime)
  if (Number.isNaN(at.getTime())) return ''
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/** And back: as records have it. */
export function universal(local: string): string {
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}
