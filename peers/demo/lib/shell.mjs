// How values are written in shell lines.

/** A value as JSON that is one word. */
export const quotedJson = (value) => `'${JSON.stringify(value).replaceAll("'", `'\\''`)}'`

/** Parameters of a URL, to be written between quotes; for people, so no more is escaped than must be. */
export const readable = (parameters) =>
  new URLSearchParams(parameters).toString().replaceAll('%3A', ':').replaceAll('%2F', '/')
