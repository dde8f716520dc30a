import { Table as Plain } from '@mantine/core'
import type { ReactNode } from 'react'
import { Empty } from './resource'

export interface Column<Row> {
  title: string
  cell: (row: Row) => ReactNode
  /** Numbers stand under each other. */
  numeric?: boolean
  /** Has no visible title: buttons. */
  bare?: boolean
}

interface Props<Row> {
  label: string
  rows: Row[]
  columns: Column<Row>[]
  id: (row: Row) => string
  empty: ReactNode
}

/** Rows; on a phone each is a card with its titles beside the values. */
export function Table<Row>({ label, rows, columns, id, empty }: Props<Row>) {
  if (rows.length === 0) return typeof empty === 'string' ? <Empty>{empty}</Empty> : empty
  return (
    <div className="table">
      <Plain aria-label={label}>
        <Plain.Thead>
          <Plain.Tr>
            {columns.map(({ title, numeric, bare }) => (
              <Plain.Th key={title} ta={numeric ? 'right' : undefined}>
                {bare ? <span className="hidden">{title}</span> : title}
              </Plain.Th>
            ))}
          </Plain.Tr>
        </Plain.Thead>
        <Plain.Tbody>
          {rows.map((row) => (
            <Plain.Tr key={id(row)}>
              {columns.map(({ title, cell, numeric, bare }) => (
                <Plain.Td
                  key={title}
                  data-title={bare ? undefined : title}
                  className={numeric ? 'numeric' : bare ? 'bare' : undefined}
                >
                  {cell(row)}
                </Plain.Td>
              ))}
            </Plain.Tr>
          ))}
        </Plain.Tbody>
      </Plain>
    </div>
  )
}
