/** How lists go on whose pages end with a cursor; the first page has none. */
export const PAGED = {
  pageParamName: 'cursor',
  initialPageParam: null,
  getNextPageParam: (page: { cursor?: string | null }) => page.cursor ?? undefined,
}
