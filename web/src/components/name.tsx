import { Fragment } from 'react'

/** A name with dots, which is broken behind these rather than anywhere. */
export function Name({ children }: { children: string }) {
  return children.split(/(?<=[.:])(?=\w)/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}
