import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { address } from '@/api/links'

interface Props {
  /** An AT URI. */
  uri: string
  children: ReactNode
  className?: string
}

/** Leads to the page of whatever has this address: of a record, or at least of a collection. */
export function RecordLink({ uri, ...rest }: Props) {
  const found = address(uri)
  if (!found) return <Link to="/records" search={{ collection: uri.split('/')[3] ?? '' }} {...rest} />
  const { did, collection, rkey } = found
  return <Link to="/records/$did/$collection/$rkey" params={{ did, collection, rkey }} {...rest} />
}
