import { useQuery } from '@tanstack/react-query'
import { done } from '@/components/act'
import { client, type Schemas } from './client'
import type { Address, Found } from './links'

/** As many records that refer to one are asked for in each collection. */
const ASKED = 50

/**
 * What scripts can see of a record, and no route of its own shows: the record by its address, and what refers to it. It runs as a
 * trial, which looks and changes nothing.
 */
const LOOK = `
local function paths(value, wanted, path, found)
  if value == wanted then found[path] = true end
  if type(value) == "table" then
    for name, inner in pairs(value) do
      local step = type(name) == "number" and "[]" or (path == "" and name or "." .. name)
      paths(inner, wanted, path .. step, found)
    end
  end
  return found
end

local function names(set)
  local list = {}
  for name in pairs(set) do list[#list + 1] = name end
  table.sort(list)
  return toarray(list)
end

function handle()
  local look = job.input
  local rows = db.raw(
    "SELECT record, cid, indexed_at FROM happyview_records WHERE did = $1 AND collection = $2 AND rkey = $3",
    { look.did, look.collection, look.rkey }
  )
  local found = {}
  for _, collection in ipairs(look.collections) do
    local page = db.backlinks{ collection = collection, uri = look.uri, limit = look.limit }
    local records = {}
    for _, record in ipairs(page.records) do
      local uri = record.uri
      record.uri = nil
      records[#records + 1] = { uri = uri, paths = names(paths(record, look.uri, "", {})) }
    end
    found[#found + 1] = { collection = collection, more = page.cursor ~= nil, records = toarray(records) }
  end
  return { row = rows[1], labels = toarray(atproto.get_labels(look.uri)), links = toarray(found) }
end`

/** What is known of a record. */
export interface Known {
  /** Absent if it is not in the index. */
  row?: { record: unknown; cid?: string; indexed_at?: string }
  labels: Schemas['Label'][]
  links: Found[]
}

/** Collections that are looked at in one run: what a script may do has bounds. */
const TOGETHER = 12

async function run(at: Address, collections: string[]): Promise<Known> {
  const event = { input: { ...at, collections, limit: ASKED } } as unknown as Record<string, never>
  const path = { params: { path: { id: 'job.run:look' } }, body: { body: LOOK, event } }
  const { error, result } = await done(client.POST('/admin/scripts/{id}/test', path))
  if (error) throw new Error(error)
  const known = result as unknown as Known
  const { row } = known
  // One of the engines has JSON as text.
  return row && typeof row.record === 'string'
    ? { ...known, row: { ...row, record: JSON.parse(row.record) } }
    : known
}

/** A record by its address, and what refers to it in these collections. */
export const useLook = (at: Address, collections: string[] | undefined) =>
  useQuery({
    queryKey: ['look', at.uri, collections],
    enabled: !!collections,
    queryFn: async (): Promise<Known> => {
      const known = await run(at, (collections ?? []).slice(0, TOGETHER))
      for (let from = TOGETHER; from < (collections?.length ?? 0); from += TOGETHER)
        known.links.push(...(await run(at, collections?.slice(from, from + TOGETHER) ?? [])).links)
      return known
    },
  })
